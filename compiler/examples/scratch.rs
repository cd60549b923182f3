use std::time::Instant;
fn main() {
    let text = std::fs::read_to_string("/tmp/gen/film.vid").unwrap();
    for _ in 0..8 {
        let t = Instant::now();
        let p = vid_grammar::parse(&text);
        let a = t.elapsed();
        println!("parse {a:?} errors {}", p.errors().len());
    }
}
