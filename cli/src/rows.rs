//! Rows of values for the parameters of a composition: one film a row.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use vid_compiler::nearest;

use crate::failure::Failure;
use crate::output;

/// Largest data file, in bytes.
const MAX_BYTES: u64 = 16 << 20;
/// Most rows: films of one command.
const MAX_ROWS: usize = 10_000;
/// Most columns of a row.
const MAX_COLUMNS: usize = 1_000;

/// A table of texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Rows {
    /// The file they are from.
    pub file: PathBuf,
    /// Every column that some row has, in the order of their first appearance.
    pub columns: Vec<String>,
    /// In order.
    pub rows: Vec<Row>,
}

/// The values of one film.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Counted from 1, without the header.
    pub number: usize,
    /// Where it is in the file, for messages: `line 3`, `item 2`.
    pub place: String,
    /// By column; an empty cell of a table is none, so the parameter keeps its default.
    pub values: Vec<(String, String)>,
}

impl Row {
    /// The value of a column.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }
}

impl Rows {
    /// Reads a CSV file with a header, or a JSON list of objects; what begins with a bracket is JSON.
    ///
    /// # Errors
    /// When it cannot be read, is neither, or is larger than any list of films.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |error| Failure::input(path, error);
        let mut text = String::new();
        let read = if output::is_dash(path) {
            io::stdin().lock().take(MAX_BYTES + 1).read_to_string(&mut text)
        } else {
            File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
        };
        if read.map_err(failed)? as u64 > MAX_BYTES {
            return Err(data(path, format!("it is larger than the {MAX_BYTES} bytes that are read")));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let rows = match text.trim_start().starts_with('[') {
            true => of_json(text),
            false => of_csv(text),
        };
        let rows = rows.map_err(|problem| data(path, problem))?;
        let mut seen = BTreeSet::new();
        let columns = rows.iter().flat_map(|row| row.values.iter().map(|(name, _)| name));
        let columns = columns.filter(|name| seen.insert((*name).clone())).cloned().collect();
        Ok(Self { file: path.to_owned(), columns, rows })
    }

    /// Makes sure that every column is a parameter, and none of those that are given already.
    ///
    /// # Errors
    /// The first column that is not.
    pub fn check(&self, parameters: &[String], given: &[(String, String)]) -> Result<(), Failure> {
        for column in &self.columns {
            if given.iter().any(|(name, _)| name == column) {
                let problem = format!("the column `{column}` is given with `--set` too; say it once");
                return Err(data(&self.file, problem));
            }
            if parameters.contains(column) {
                continue;
            }
            let near = nearest(column, parameters.iter().map(String::as_str));
            let known = parameters.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let advice = match near {
                Some(name) => format!("did you mean `{name}`?"),
                None if parameters.is_empty() => "it has none".to_owned(),
                None => format!("it has {known}"),
            };
            let problem = format!("the column `{column}` is no parameter of the composition; {advice}");
            return Err(data(&self.file, problem));
        }
        Ok(())
    }
}

fn data(path: &Path, problem: impl std::fmt::Display) -> Failure {
    Failure::Data { path: path.to_owned(), problem: problem.to_string() }
}

fn of_csv(text: &str) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| csv_problem(&error))?.clone();
    if header.len() > MAX_COLUMNS {
        return Err(format!("it has {} columns; at most {MAX_COLUMNS} are read", header.len()));
    }
    let mut names = BTreeSet::new();
    for name in &header {
        if name.is_empty() {
            return Err("a column has no name in the first line".to_owned());
        }
        if !names.insert(name) {
            return Err(format!("two columns are called `{name}`"));
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| csv_problem(&error))?;
        if rows.len() == MAX_ROWS {
            return Err(format!("it has more than {MAX_ROWS} rows"));
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells = header.iter().zip(&record).filter(|(_, value)| !value.is_empty());
        let values = cells.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        rows.push(Row { number: rows.len() + 1, place: format!("line {line}"), values });
    }
    Ok(rows)
}

fn csv_problem(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("line {line} has {len} cells where the first line has {expected_len}")
        }
        _ => error.to_string(),
    }
}

fn of_json(text: &str) -> Result<Vec<Row>, String> {
    let list: Vec<serde_json::Value> =
        serde_json::from_str(text).map_err(|error| format!("it is no JSON list: {error}"))?;
    if list.len() > MAX_ROWS {
        return Err(format!("it has {} items; at most {MAX_ROWS} are read", list.len()));
    }
    let mut rows = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let place = format!("item {}", index + 1);
        let Some(object) = item.as_object() else {
            return Err(format!("{place} is no object with a value for each parameter"));
        };
        let mut values = Vec::new();
        for (name, value) in object {
            if !value.is_null() {
                let value = written(value).ok_or_else(|| {
                    format!("{place} has an object for `{name}`; values are texts, numbers, booleans and lists of them")
                })?;
                values.push((name.clone(), value));
            }
        }
        if values.len() > MAX_COLUMNS {
            return Err(format!("{place} has {} values; at most {MAX_COLUMNS} are read", values.len()));
        }
        rows.push(Row { number: index + 1, place, values });
    }
    Ok(rows)
}

/// A value as it is given for a parameter: texts plainly, everything else as the language writes it.
fn written(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(items) => {
            let member = |item: &serde_json::Value| match item {
                // A text in a list needs its quotes, and JSON's escapes are not the language's.
                serde_json::Value::String(text) => Some(quoted(text)),
                other => written(other),
            };
            let members: Option<Vec<String>> = items.iter().map(member).collect();
            Some(format!("[{}]", members?.join(", ")))
        }
        serde_json::Value::Object(_) | serde_json::Value::Null => None,
        other => Some(other.to_string()),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(rows: Result<Vec<Row>, String>) -> Vec<Vec<(String, String)>> {
        rows.unwrap().into_iter().map(|row| row.values).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_table_and_a_list_say_the_same() {
        let table = of_csv("name, hold\nAda, 3s\n\"Grace, Hopper\",\n");
        let list = of_json(r#"[{"name":"Ada","hold":"3s"},{"name":"Grace, Hopper","hold":null}]"#);
        let expected =
            vec![vec![pair("name", "Ada"), pair("hold", "3s")], vec![pair("name", "Grace, Hopper")]];
        assert_eq!(values(table), expected);
        assert_eq!(values(list), expected);
    }

    #[test]
    fn lists_are_written_as_the_language_writes_them() {
        let rows = values(of_json(r#"[{"a":[1,"b\"{c}"],"d":true,"e":-2.5}]"#));
        assert_eq!(rows, [vec![pair("a", r#"[1, "b\"\{c\}"]"#), pair("d", "true"), pair("e", "-2.5")]]);
    }

    #[test]
    fn what_is_no_table_says_where() {
        let problem = |text| of_csv(text).unwrap_err();
        assert_eq!(problem("a,b\n1,2\n1\n"), "line 3 has 1 cells where the first line has 2");
        assert_eq!(problem("a,a\n"), "two columns are called `a`");
        assert_eq!(problem("a,,b\n"), "a column has no name in the first line");
        assert_eq!(
            of_json(r#"[{"a":{}}]"#).unwrap_err(),
            "item 1 has an object for `a`; values are texts, numbers, booleans and lists of them"
        );
        assert_eq!(of_json("[1]").unwrap_err(), "item 1 is no object with a value for each parameter");
    }
}
