//! Seven ways to break a file.

/// Pseudo-random numbers that are the same for the same seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of case `number` of run `run`.
    pub fn new(run: u64, number: u64) -> Self {
        // Odd multipliers keep neighbouring cases apart.
        Self(run.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// A number below `bound`, which is positive.
    pub fn below(&mut self, bound: usize) -> usize {
        // SplitMix64: every state is followed by every other once.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}

/// A way to break a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mutation {
    /// It ends early.
    Cut,
    /// Bits are turned over.
    Flip,
    /// A run of bytes is zero.
    Zero,
    /// A run of bytes is put in.
    Insert,
    /// Bytes of the header are others.
    Header,
    /// A block lies elsewhere.
    Move,
    /// A run of bytes is missing.
    Delete,
}

impl Mutation {
    /// All seven.
    pub const ALL: [Self; 7] =
        [Self::Cut, Self::Flip, Self::Zero, Self::Insert, Self::Header, Self::Move, Self::Delete];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Flip => "flip",
            Self::Zero => "zero",
            Self::Insert => "insert",
            Self::Header => "header",
            Self::Move => "move",
            Self::Delete => "delete",
        }
    }
}

/// Bytes that a header is broken within.
const HEADER: usize = 512;

/// The bytes of `whole`, broken.
pub fn mutated(whole: &[u8], mutation: Mutation, random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let place = random.below(whole.len());
    let length = (1 + random.below(whole.len() / 8 + 1)).min(whole.len() - place);
    match mutation {
        Mutation::Cut => bytes.truncate(place),
        Mutation::Flip => {
            for _ in 0..=random.below(32) {
                bytes[random.below(whole.len())] ^= 1 << random.below(8);
            }
        }
        Mutation::Zero => bytes[place..place + length].fill(0),
        Mutation::Insert => {
            let run: Vec<u8> = (0..length).map(|_| random.below(256) as u8).collect();
            bytes.splice(place..place, run);
        }
        Mutation::Header => {
            for _ in 0..=random.below(8) {
                bytes[random.below(whole.len().min(HEADER))] = random.below(256) as u8;
            }
        }
        Mutation::Move => {
            let block: Vec<u8> = bytes.drain(place..place + length).collect();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, block);
        }
        Mutation::Delete => drop(bytes.drain(place..place + length)),
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_break_the_same_way() {
        let whole: Vec<u8> = (0..=255).collect();
        for mutation in Mutation::ALL {
            let broken = |number| mutated(&whole, mutation, &mut Random::new(3, number));
            assert_eq!(broken(1), broken(1), "{mutation:?}");
            assert!((0..20).any(|number| broken(number) != whole), "{mutation:?}");
        }
    }
}
