//! Texts by name: `{{name}}` in the content of a layer.
//!
//! A name is the title of a column, for the text in the row's own cell; or that of a text of the whole sheet.

use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::document::{ColumnRole, Document, Variable};
use super::error::GenError;
use super::request::{Call, nothing_else, text_of};
use super::sheets::{MAX_NAME, change, inner, open};
use super::view::wire;

/// Longest text, in characters.
const MAX_VALUE: usize = 100_000;
/// Most texts of a sheet.
const MOST: usize = 1000;

/// Texts by their names.
pub type Texts = BTreeMap<String, String>;

/// The texts that layers of a cell can name. The row's own come before those of the sheet.
pub fn texts_of(document: &Document, cell: i64) -> Texts {
    let global = document.variables.iter().map(|variable| (variable.key.clone(), variable.value.clone()));
    let mut texts: Texts = global.collect();
    let ingredients = document.columns.iter().filter(|column| column.role == ColumnRole::Ingredient);
    for column in ingredients {
        let cells = document.row_of(cell).into_iter().flat_map(|row| &row.cells);
        let own = cells.filter(|cell| cell.column == column.n).find_map(|cell| cell.value.clone());
        texts.extend(own.filter(|text| !text.is_empty()).map(|text| (column.title.clone(), text)));
    }
    texts
}

/// A content with its names replaced by their texts.
///
/// # Errors
/// The first name that stands for nothing.
pub fn filled(content: &str, texts: &Texts) -> Result<String, String> {
    let mut parts = content.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                filled += texts.get(name.trim()).ok_or_else(|| name.trim().to_owned())?;
                filled += rest;
            }
            // Braces that are never closed are what they are.
            None => {
                filled += "{{";
                filled += part;
            }
        }
    }
    Ok(filled)
}

fn variables_json(sheet: i64, document: &Document) -> Value {
    match document.variables.is_empty() {
        true => Value::Null,
        false => json!({ "id": sheet, "variables": document.variables }),
    }
}

/// `GET …/{id}/global_variables`: the texts of the whole sheet; null where there are none.
pub async fn global(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<Json<Value>, GenError> {
    let open = open(&app, &caller.workspace, &id).await?;
    Ok(Json(variables_json(open.sheet.id, &open.document)))
}

/// `PUT …/{id}/global_variables`: gives the sheet these texts and no others.
pub async fn set_global(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let mut fields = asked.whole();
    let wrong = || GenError::invalid("`variables` is no list of objects with `key` and `value`");
    let Some(Value::Array(items)) = fields.remove("variables") else { return Err(wrong()) };
    nothing_else(&fields)?;
    let mut variables: Vec<Variable> = Vec::new();
    for item in items {
        let Value::Object(mut item) = item else { return Err(wrong()) };
        let key = text_of(&mut item, "key", MAX_NAME)?.map(|key| key.trim().to_owned());
        let value = text_of(&mut item, "value", MAX_VALUE)?;
        nothing_else(&item)?;
        let (Some(key), Some(value)) = (key.filter(|key| !key.is_empty()), value) else {
            return Err(wrong());
        };
        if key.contains(['{', '}']) {
            return Err(GenError::invalid(format!("`{key}` is no name: it has braces in it")));
        }
        if variables.iter().any(|other| other.key == key) {
            return Err(GenError::invalid(format!("`variables` has `{key}` twice")));
        }
        variables.push(Variable { key, value });
    }
    if variables.len() > MOST {
        return Err(GenError::invalid(format!("a sheet has at most {MOST} variables")));
    }
    let (open, ()) = change(&app, &caller.workspace, &id, |document, _| {
        document.variables.clone_from(&variables);
        Ok(())
    })
    .await?;
    Ok(Json(variables_json(open.sheet.id, &open.document)))
}

/// `GET …/cells/{cell}/available_variables`: what layers of the cell can name.
pub async fn available(
    Path((id, cell)): Path<(String, String)>,
    Call { app, caller, .. }: Call,
) -> Result<Json<Value>, GenError> {
    let open = open(&app, &caller.workspace, &id).await?;
    let (sheet, document) = (open.sheet.id, &open.document);
    let n = inner(sheet, &cell, "cell")?;
    let row = document.row_of(n).ok_or_else(|| GenError::not_found("cell"))?;
    let ingredients = document.columns.iter().filter(|column| column.role == ColumnRole::Ingredient);
    let local: Vec<Value> = ingredients
        .filter_map(|column| {
            let cell = row.cells.iter().find(|cell| cell.column == column.n)?;
            Some(json!({ "id": wire(sheet, cell.n), "name": column.title, "value": cell.value }))
        })
        .collect();
    let layers = row.cells.iter().flat_map(|cell| cell.layers.iter().map(move |layer| (cell, layer)));
    let layers: Vec<Value> = layers
        .map(|(cell, layer)| {
            json!({ "id": wire(sheet, layer.n), "name": layer.name, "layer_type": layer.kind,
                "cell_id": wire(sheet, cell.n) })
        })
        .collect();
    let global = document.variables.iter();
    let global: Vec<Value> =
        global.map(|variable| json!({ "name": variable.key, "value": variable.value })).collect();
    Ok(Json(json!({
        "local_variables": local,
        "video_layer_variables": layers,
        "global_variables": global,
    })))
}

#[cfg(test)]
mod tests {
    use super::super::document::ColumnKind;
    use super::*;

    #[test]
    fn names_are_replaced_by_their_texts() {
        let texts: Texts =
            [("a".to_owned(), "1".to_owned()), ("TEXT 1".to_owned(), "{{a}}".to_owned())].into();
        let done = |content: &str| filled(content, &texts);
        assert_eq!(done("{{a}}-{{ TEXT 1 }}!"), Ok("1-{{a}}!".to_owned()));
        assert_eq!(done("no {name} and {{open"), Ok("no {name} and {{open".to_owned()));
        assert_eq!(done("{{b}}"), Err("b".to_owned()));
        assert_eq!(done("{{}}"), Err(String::new()));
    }

    #[test]
    fn texts_of_the_row_come_before_those_of_the_sheet() {
        let mut document = Document::with_ingredients("a".to_owned(), &["x", "y"], 0);
        document.add_column("z".to_owned(), ColumnKind::Text, ColumnRole::Ingredient, 0);
        let variable = |key: &str| Variable { key: key.to_owned(), value: format!("global {key}") };
        document.variables = vec![variable("x"), variable("y")];
        document.rows[0].cells[0].value = Some("own x".to_owned());
        document.rows[0].cells[1].value = Some(String::new());
        let found = texts_of(&document, document.rows[0].cells[2].n);
        let wanted = [("x", "own x"), ("y", "global y")].map(|(key, text)| (key.to_owned(), text.to_owned()));
        assert_eq!(found, Texts::from(wanted));
    }
}
