//! scratch
fn main() {
    let seed = std::fs::read_to_string("grammar/tests/corpus/promo.vid").unwrap();
    let body = &seed[seed.find("/// Thirty").unwrap()..];
    let text = body.repeat(65536 / body.len() + 1);
    for _ in 0..6 {
        let start = std::time::Instant::now();
        let parse = vid_grammar::parse(&text);
        let t1 = start.elapsed();
        let start = std::time::Instant::now();
        let f = vid_grammar::fmt::format(&text);
        println!("{} bytes parse {:?} fmt {:?} {} {}", text.len(), t1, start.elapsed(), parse.errors().len(), f.kept.len());
    }
    for head in ["", "let x = ", "composition c {\nx: ", "composition c {\n"] {
    for seed in ["[", "(", "{", "a.", "-", "if ", "\"{", "f(", "a+", "a{", "/*", "list<", "x: [", "x:(1,\n", "@", "a ", "a @ ", "/// d\n", "\n", "composition a {\n", "let x: a<", "if a { ", "a b \"", "a < ", "else if ", "a,", "[for x in ", "[0s: ", "{a: ", "not ", "..", "a..", "}", "import \"", "extern ", "a: b\n", "for x in ", "x: if a {", "\"\\u{", "video a \"b\" at 1s { x: 1 }\n", "a at 1s ", "a \"b\" ", "x: \"{\"\n", "(]", "{)", "x: (1\n"] {
        let text = format!("{head}{}", seed.repeat((1 << 18) / seed.len()));
        let start = std::time::Instant::now();
        let parse = vid_grammar::parse(&text);
        let t1 = start.elapsed();
        let start = std::time::Instant::now();
        let f = vid_grammar::fmt::format(&text);
        let t2 = start.elapsed();
        if t1.as_millis() > 300 || t2.as_millis() > 1000 { println!("{head:?} {seed:?} {} bytes {:?} {:?} {} {}", text.len(), t1, t2, parse.errors().len(), f.text.len()); }
    } }
}
