//! Damage to bodies that leaves them JSON: other values, other fields, fewer and more of both.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::corpus::Corpus;
use crate::mutate::Random;

/// Values at the edges, and of kinds that a field does not take.
fn odd_value(random: &mut Random) -> Value {
    match random.below(24) {
        0 => Value::Null,
        1 => json!(0),
        2 => json!(-1),
        3 => json!(1),
        4 => json!(0.1 + 0.2),
        5 => json!(1.0 / 3.0),
        6 => json!(random.below(100)),
        7 => json!(random.below(10_000) as f64 / 1_000.0),
        8 => json!(random.below(300) as f64 / 30.0),
        9 => json!(1e9),
        10 => json!(1e300),
        11 => json!(1e-12),
        12 => json!(9_007_199_254_740_993_i64),
        13 => json!(""),
        14 => json!("50%"),
        15 => json!("33.333%"),
        16 => json!("12px"),
        17 => json!("90deg"),
        18 => json!("#12345678"),
        19 => json!("a"),
        20 => json!("\u{202e}{x}\"\\\n"),
        21 => json!(true),
        22 => json!([]),
        _ => json!({}),
    }
}

/// The names of all fields, in order.
pub fn fields(bodies: &[Value]) -> Vec<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                names.extend(object.keys().cloned());
                object.values().for_each(|value| collect(value, names));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    bodies.iter().for_each(|body| collect(body, &mut names));
    names.into_iter().collect()
}

/// A damaged body.
pub fn damaged(random: &mut Random, corpus: &Corpus) -> Value {
    let mut body = random.pick(&corpus.bodies).clone();
    for _ in 0..=random.below(5) {
        let inside = random.below(count(&body));
        damage(random, corpus, nth(&mut body, inside));
    }
    body
}

fn damage(random: &mut Random, corpus: &Corpus, value: &mut Value) {
    match value {
        Value::Object(object) => damage_object(random, corpus, object),
        Value::Array(items) => match random.below(4) {
            0 => items.push(odd_value(random)),
            1 if !items.is_empty() => drop(items.remove(random.below(items.len()))),
            2 if !items.is_empty() => items.push(random.pick(items).clone()),
            3 if items.len() > 1 => {
                let other = random.below(items.len());
                items.swap(0, other);
            }
            _ => {}
        },
        Value::Number(number) => {
            let near = number.as_f64().unwrap_or_default();
            *value = match random.below(6) {
                0 => json!(near * 2.0),
                1 => json!(near / 3.0),
                2 => json!(near + 0.001),
                3 => json!(near + random.below(5) as f64),
                4 => json!(-near),
                _ => odd_value(random),
            };
        }
        Value::String(_) => {
            let other = random.pick(&corpus.bodies);
            let inside = random.below(count(other));
            let taken = nth(&mut other.clone(), inside).clone();
            *value = if taken.is_string() { taken } else { odd_value(random) };
        }
        _ => *value = odd_value(random),
    }
}

fn damage_object(random: &mut Random, corpus: &Corpus, object: &mut Map<String, Value>) {
    let keys: Vec<String> = object.keys().cloned().collect();
    if random.below(2) == 0 || keys.is_empty() {
        object.insert(random.pick(&corpus.fields).clone(), odd_value(random));
    } else {
        object.shift_remove(random.pick(&keys));
    }
}

/// How many values there are in a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(object) => object.values().map(count).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// The value of that number, counted as [`count`] does.
fn nth(value: &mut Value, number: usize) -> &mut Value {
    if number == 0 {
        return value;
    }
    let mut left = number - 1;
    let sizes: Vec<usize> = match &*value {
        Value::Object(object) => object.values().map(count).collect(),
        Value::Array(items) => items.iter().map(count).collect(),
        _ => Vec::new(),
    };
    let mut at = 0;
    while at + 1 < sizes.len() && left >= sizes[at] {
        left -= sizes[at];
        at += 1;
    }
    match value {
        Value::Object(object) => match object.values_mut().nth(at) {
            Some(inside) => nth(inside, left),
            None => unreachable!("the number is below the count"),
        },
        Value::Array(items) => nth(&mut items[at], left),
        _ => unreachable!("the number is below the count"),
    }
}
