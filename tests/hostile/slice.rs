//! Every seed broken in every way, once; read twice.

use std::collections::BTreeMap;

use vid_tests::corpus::{Mutation, Random, SEEDS, Verdict, judge, make, mutated};

use crate::{Lab, confinement};

/// What the recipe makes is read in full, so that what is refused below is refused for its damage.
#[test]
fn sound_seeds_are_read() {
    let (lab, confinement) = (Lab::new(), confinement());
    for seed in &SEEDS {
        make(seed, lab.folder.path()).unwrap();
        let verdict = judge(&lab.path(seed.name), &confinement);
        assert_eq!(verdict.class(), "ok", "{}: {verdict}", seed.name);
    }
}

/// A broken file is read, or refused with a reason, or passes a limit; it never takes its decoder along,
/// and a second reading comes to the same.
#[test]
fn broken_files_end_in_one_way() {
    let (lab, confinement) = (Lab::new(), confinement());
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, seed) in SEEDS.iter().enumerate() {
        let whole = make(seed, lab.folder.path()).unwrap();
        for (way, mutation) in Mutation::ALL.into_iter().enumerate() {
            let mut random = Random::new(7, (index * Mutation::ALL.len() + way) as u64);
            let path = lab.path(&format!("{}-{}", mutation.name(), seed.name));
            std::fs::write(&path, mutated(&whole, mutation, &mut random)).unwrap();
            let verdict = judge(&path, &confinement);
            assert!(!matches!(verdict, Verdict::Died(_)), "{}: {verdict}", path.display());
            assert_eq!(judge(&path, &confinement), verdict, "{}", path.display());
            *classes.entry(verdict.class()).or_default() += 1;
        }
    }
    assert_eq!(classes.values().sum::<usize>(), 140);
    // Most damage is noticed; what is not lies where nothing is read, or changes what is shown.
    assert!(classes["ok"] < 90, "{classes:?}");
}
