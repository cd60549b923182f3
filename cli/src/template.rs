//! Names of results made from the values of a row: `out/{name}.mp4`.

use std::path::PathBuf;

use crate::rows::Row;

/// A name with places for values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// The value of a column; of a parameter that the row leaves alone, nothing.
    Column(String),
    /// The number of the row, with as many digits as the last one.
    Number,
    /// The name of the composition.
    Composition,
}

impl Template {
    /// Reads a template. `{row}` is the number of the row, `{composition}` the name of the composition,
    /// any other name in braces a column, which must be one of `columns`; `{{` and `}}` are braces.
    ///
    /// # Errors
    /// What is wrong with it, for the user.
    pub fn read(text: &str, columns: &[String]) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut letters = text.chars().peekable();
        while let Some(c) = letters.next() {
            match c {
                '{' | '}' if letters.peek() == Some(&c) => {
                    letters.next();
                    plain.push(c);
                }
                '{' => {
                    let mut name = String::new();
                    loop {
                        match letters.next() {
                            Some('}') => break,
                            Some(c) => name.push(c),
                            None => return Err(format!("`{text}` has a brace that is not closed")),
                        }
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(match name.as_str() {
                        "row" => Part::Number,
                        "composition" => Part::Composition,
                        _ if columns.contains(&name) => Part::Column(name),
                        _ => {
                            let known = columns.iter().map(|column| format!("`{{{column}}}`"));
                            let known: Vec<_> =
                                known.chain(["`{row}`".to_owned(), "`{composition}`".to_owned()]).collect();
                            return Err(format!(
                                "`{{{name}}}` in `{text}` is no column; there are {}",
                                known.join(", ")
                            ));
                        }
                    });
                }
                '}' => return Err(format!("`{text}` has a brace that was not opened")),
                c => plain.push(c),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self { parts })
    }

    /// The name of the composition and the number of the row, with an ending.
    pub fn standard(extension: &str) -> Self {
        let text = |text: &str| Part::Text(text.to_owned());
        Self { parts: vec![Part::Composition, text("-"), Part::Number, text(&format!(".{extension}"))] }
    }

    /// The name for a row of `count`.
    pub fn path(&self, composition: &str, row: &Row, count: usize) -> PathBuf {
        let digits = count.to_string().len();
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Column(name) => path.push_str(&harmless(row.value(name).unwrap_or_default())),
                Part::Number => path.push_str(&format!("{:0digits$}", row.number)),
                Part::Composition => path.push_str(&harmless(composition)),
            }
        }
        PathBuf::from(path)
    }
}

/// A value as part of a name: what would lead to another folder, or cannot be typed, is an underscore.
fn harmless(value: &str) -> String {
    let letter = |c: char| if c == '/' || c == '\\' || c.is_control() { '_' } else { c };
    let text: String = value.chars().map(letter).collect();
    match text.as_str() {
        "." | ".." => text.replace('.', "_"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str) -> Row {
        let values = vec![("name".to_owned(), name.to_owned())];
        Row { number: 7, place: "line 8".to_owned(), values }
    }

    fn path(template: &str, name: &str) -> String {
        let template = Template::read(template, &["name".to_owned()]).unwrap();
        template.path("promo", &row(name), 120).display().to_string()
    }

    #[test]
    fn names_come_from_values() {
        assert_eq!(path("out/{name}-{row}.mp4", "Ada"), "out/Ada-007.mp4");
        assert_eq!(path("{composition}/{{x}}.mp4", "Ada"), "promo/{x}.mp4");
        assert_eq!(path("{name}.mp4", "../../etc/x"), ".._.._etc_x.mp4");
        assert_eq!(path("{name}/film.mp4", ".."), "__/film.mp4");
    }

    #[test]
    fn mistakes_are_told() {
        let read = |text: &str| Template::read(text, &["name".to_owned()]).unwrap_err();
        assert_eq!(
            read("{nam}.mp4"),
            "`{nam}` in `{nam}.mp4` is no column; there are `{name}`, `{row}`, `{composition}`"
        );
        assert_eq!(read("{name"), "`{name` has a brace that is not closed");
        assert_eq!(read("a}"), "`a}` has a brace that was not opened");
    }
}
