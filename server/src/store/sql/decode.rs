//! From rows of the database to rows of ours.

use serde::de::DeserializeOwned;
use sqlx::Row as _;

use super::Row;
use crate::error::ErrorCode;
use crate::moment::Moment;
use crate::store::{Failure, StoreError};

/// A value of a column.
pub(super) fn get<'r, T>(row: &'r Row, column: &'static str) -> Result<T, StoreError>
where
    T: sqlx::Decode<'r, super::Database> + sqlx::Type<super::Database>,
{
    Ok(row.try_get(column)?)
}

/// A number that is stored as a signed one.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, column: &'static str) -> Result<T, StoreError> {
    T::try_from(get::<i64>(row, column)?).map_err(|_| damaged(column))
}

/// A number that may be absent.
pub(super) fn number_or_none<T: TryFrom<i64>>(
    row: &Row,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    let value: Option<i64> = get(row, column)?;
    value.map(|value| T::try_from(value).map_err(|_| damaged(column))).transpose()
}

/// An instant.
pub(super) fn moment(row: &Row, column: &'static str) -> Result<Moment, StoreError> {
    Ok(Moment::from_millis(get(row, column)?))
}

/// An instant that may be absent.
pub(super) fn moment_or_none(row: &Row, column: &'static str) -> Result<Option<Moment>, StoreError> {
    Ok(get::<Option<i64>>(row, column)?.map(Moment::from_millis))
}

/// A value of an enumeration.
pub(super) fn name<T>(
    row: &Row,
    column: &'static str,
    from: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    from(get::<&str>(row, column)?).ok_or_else(|| damaged(column))
}

/// A value that is stored as JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row, column: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(get::<&str>(row, column)?).map_err(|_| damaged(column))
}

/// A value that is stored as JSON, or absent.
pub(super) fn json_or_none<T: DeserializeOwned>(
    row: &Row,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = get(row, column)?;
    text.map(|text| serde_json::from_str(text).map_err(|_| damaged(column))).transpose()
}

/// The failure of a row that has columns for one.
pub(super) fn failure(row: &Row) -> Result<Option<Failure>, StoreError> {
    let Some(code) = get::<Option<&str>>(row, "error_code")? else { return Ok(None) };
    let code = ErrorCode::from_name(code).ok_or_else(|| damaged("error_code"))?;
    let message: Option<String> = get(row, "error_message")?;
    Ok(Some(Failure { code, message: message.unwrap_or_default() }))
}

/// The JSON of a value that has string keys and finite numbers alone.
pub(super) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("our rows have string keys and whole numbers alone")
}

/// A stored value that no server of ours has written.
fn damaged(column: &str) -> StoreError {
    StoreError::Database(format!("the column `{column}` holds what it cannot hold"))
}
