//! What the second interface needs beside renders: sheets, and the numbers under which renders are known there.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use super::rows::{NewRender, Render};
use crate::id::{RenderId, WorkspaceId};
use crate::moment::Moment;

type Result<T> = std::result::Result<T, StoreError>;

/// A sheet: rows of cells with layers, as one document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// Its number, from 1 on.
    pub id: i64,
    /// Grows with each change.
    pub version: i64,
    /// The document, as JSON.
    pub document: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it was changed last.
    pub updated_at: Moment,
}

/// A render to be made of a cell.
#[derive(Clone, PartialEq, Debug)]
pub struct NewGeneration {
    /// The render.
    pub render: NewRender,
    /// The sheet.
    pub sheet: i64,
    /// The cell, as numbered within its sheet.
    pub cell: i64,
    /// What opens its file to everybody; nobody guesses it.
    pub token: String,
}

/// A render as it is known there.
#[derive(Clone, PartialEq, Debug)]
pub struct Generation {
    /// Its number; its file has the same.
    pub id: i64,
    /// The sheet.
    pub sheet: i64,
    /// The cell, as numbered within its sheet.
    pub cell: i64,
    /// What opens its file.
    pub token: String,
    /// Whether its file was removed.
    pub is_removed: bool,
    /// What its file is called, where a caller has named it.
    pub filename: Option<String>,
    /// The render.
    pub render: Render,
}

/// Which generations.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct GenerationFilter {
    /// Those of this sheet alone.
    pub sheet: Option<i64>,
    /// Those of this cell alone.
    pub cell: Option<i64>,
}

/// What became of the wish for a generation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Generated {
    /// This one was made, or had been made under the same idempotency key.
    Is(i64),
    /// The key was used for something else.
    Clash,
}

/// What became of the wish to take a generation up again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Continued {
    /// It goes on, or did already under the same idempotency key.
    Done,
    /// It is not stopped, or has been taken up by somebody else.
    Unfit,
    /// The key was used for something else.
    Clash,
}

/// Sheets and their renders.
#[async_trait]
pub trait Sheets {
    /// Keeps a new sheet. Returns its number.
    async fn add_sheet(&self, workspace: &WorkspaceId, document: &str, now: Moment) -> Result<i64>;

    /// The sheet of that number.
    async fn sheet(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Sheet>>;

    /// Gives a sheet another document, unless it is no longer of the version that was read. Returns whether
    /// it was.
    async fn change_sheet(
        &self,
        workspace: &WorkspaceId,
        read: &Sheet,
        document: &str,
        now: Moment,
    ) -> Result<bool>;

    /// Removes a sheet; what was rendered of it stays. Returns whether it was there.
    async fn remove_sheet(&self, workspace: &WorkspaceId, id: i64) -> Result<bool>;

    /// Accepts a render of a cell: everything that [`super::Renders::submit`] does, and its number, or nothing.
    async fn generate(&self, new: NewGeneration, now: Moment, key_lives: Duration) -> Result<Generated>;

    /// What was made under an idempotency key with this fingerprint, if anything was.
    async fn generated(
        &self,
        workspace: &WorkspaceId,
        key: &(String, String),
        now: Moment,
    ) -> Result<Option<Generated>>;

    /// Takes a generation up again whose render `stopped` was called off: from now on it is `new`, which is
    /// accepted as by [`super::Renders::submit`]; all of it, or nothing.
    async fn go_on(
        &self,
        id: i64,
        stopped: &RenderId,
        new: NewRender,
        now: Moment,
        key_lives: Duration,
    ) -> Result<Continued>;

    /// The generation of that number, unless its render is forgotten.
    async fn generation(&self, workspace: &WorkspaceId, id: i64) -> Result<Option<Generation>>;

    /// The generation whose file that token opens, unless it was removed.
    async fn generation_of(&self, token: &str) -> Result<Option<Generation>>;

    /// Generations, newest first, without the first `skip`.
    async fn generations(
        &self,
        workspace: &WorkspaceId,
        filter: GenerationFilter,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Generation>>;

    /// Removes the film of a generation, and what it is as the source `url` of other films: from now on its
    /// render has no output, and its files are among those that go once nothing needs them. Returns whether
    /// it was there.
    async fn remove_film(&self, workspace: &WorkspaceId, id: i64, url: &str) -> Result<bool>;
}
