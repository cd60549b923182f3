//! Tables: comma-separated values whose first row names the columns.

use std::sync::Arc;

use crate::eval::data::Malformed;
use crate::eval::data::subtitles::shortened;
use crate::eval::text::Text;
use crate::eval::value::Value;

/// Most rows of a table.
const MAX_ROWS: usize = 100_000;
/// Most columns of a table.
const MAX_COLUMNS: usize = 1_000;

/// The rows as records of strings, named by the first row.
///
/// # Errors
/// With the first row that has other fields than the first, or a first row that names nothing.
pub(super) fn parse_table(text: &str, location: &Arc<str>) -> Result<Value, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut names: Option<Vec<Arc<str>>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| malformed(&error, text))?;
        let line = || line_of(record.position(), text);
        let Some(names) = &names else {
            names = Some(column_names(&record, line())?);
            continue;
        };
        if rows.len() == MAX_ROWS {
            return Err(Malformed::at(line(), format!("is beyond the {MAX_ROWS} rows that are read")));
        }
        let fields = names.iter().zip(&record);
        let fields = fields.map(|(name, field)| (name.clone(), Value::Text(Text::in_data(field, location))));
        rows.push(Value::Record(Arc::new(fields.collect())));
    }
    match names {
        Some(_) => Ok(Value::List(Arc::new(rows))),
        None => Err(Malformed::at(1, "is empty, and the first row must name the columns")),
    }
}

fn column_names(record: &csv::StringRecord, line: usize) -> Result<Vec<Arc<str>>, Malformed> {
    if record.len() > MAX_COLUMNS {
        return Err(Malformed::at(
            line,
            format!("has {} columns, at most {MAX_COLUMNS} are read", record.len()),
        ));
    }
    let mut names: Vec<Arc<str>> = Vec::new();
    for (index, field) in record.iter().enumerate() {
        let name = field.trim();
        if name.is_empty() {
            return Err(Malformed::at(line, format!("has no name for column {}", index + 1)));
        }
        if names.iter().any(|known| **known == *name) {
            return Err(Malformed::at(line, format!("names two columns `{}`", shortened(name))));
        }
        names.push(Arc::from(name));
    }
    Ok(names)
}

/// The line a record begins on; the position of the reader may be that of blank lines before it.
fn line_of(position: Option<&csv::Position>, text: &str) -> usize {
    let byte = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
    let blank = text.bytes().skip(byte).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    text.bytes().take(byte + blank).filter(|byte| *byte == b'\n').count() + 1
}

fn malformed(error: &csv::Error, text: &str) -> Malformed {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let fields =
                |count: u64| if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
            let message = format!("has {}, the first row has {}", fields(*len), expected_len);
            Malformed::at(line_of(pos.as_ref(), text), message)
        }
        _ => Malformed::at(line_of(error.position(), text), error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: Expect) {
        let location: Arc<str> = Arc::from("rows.csv");
        let shown = match parse_table(text, &location) {
            Ok(Value::List(rows)) => rows.iter().map(|row| format!("{}\n", shown(row))).collect(),
            Ok(other) => format!("{other:?}"),
            Err(malformed) => format!("{malformed:?}\n"),
        };
        expected.assert_eq(&shown);
    }

    fn shown(row: &Value) -> String {
        let Value::Record(fields) = row else { return format!("{row:?}") };
        fields.iter().map(|(name, value)| format!("{name}={value} ")).collect()
    }

    #[test]
    fn rows_are_records_by_the_first_row() {
        check(
            "\u{feff}name, role\r\nAda,\"CTO, founder\"\r\n\r\n\"Gr\"\"ace\",\"two\nlines\"\n",
            expect![[r#"
                name=Ada role=CTO, founder 
                name=Gr"ace role=two
                lines 
            "#]],
        );
        check("name\n", expect![[r#""#]]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check(
            "",
            expect![[r#"
            Malformed { line: 1, message: "is empty, and the first row must name the columns" }
        "#]],
        );
        check(
            "a,,b\n",
            expect![[r#"
            Malformed { line: 1, message: "has no name for column 2" }
        "#]],
        );
        check(
            "a,b,a\n",
            expect![[r#"
            Malformed { line: 1, message: "names two columns `a`" }
        "#]],
        );
        check(
            "a,b\n1,2\n\n3\n",
            expect![[r#"
            Malformed { line: 4, message: "has 1 field, the first row has 2" }
        "#]],
        );
    }
}
