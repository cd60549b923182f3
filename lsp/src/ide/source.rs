//! A source as features see it.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use vid_compiler::{Compiler, FileNames, FilmFacts, Piece, SourceId};
use vid_grammar::ast::{self, AstNode};
use vid_grammar::{Parse, SyntaxKind, SyntaxNode, SyntaxToken, TextSize};

/// One source at one moment: its text, its tree, its names, and the compiler that knows the rest.
pub struct Source<'a> {
    /// The compiler.
    pub compiler: &'a Compiler,
    /// The source in the compiler.
    pub id: SourceId,
    /// Its path.
    pub path: &'a Path,
    /// Its text.
    pub text: Arc<str>,
    /// Its tree.
    pub tree: Parse,
    /// Its names.
    pub names: Arc<FileNames>,
    films: OnceCell<Vec<FilmFacts>>,
}

impl<'a> Source<'a> {
    /// The source of a compiler; `None` when it is no text.
    pub fn new(compiler: &'a Compiler, id: SourceId) -> Option<Self> {
        let tree = compiler.tree(id)?;
        let text = compiler.text(id)?;
        let (path, names) = (compiler.path(id), compiler.names(id));
        Some(Self { compiler, id, path, text, tree, names, films: OnceCell::new() })
    }

    /// The same source with another text, of which the compiler does not know.
    pub(super) fn with_text(&self, text: String) -> Self {
        let tree = vid_grammar::reparse(&self.tree, &self.text, &text);
        let names = Arc::new(vid_compiler::names_of(&tree.file()));
        let (compiler, id, path) = (self.compiler, self.id, self.path);
        Self { compiler, id, path, text: text.into(), tree, names, films: OnceCell::new() }
    }

    /// The root of the tree.
    pub fn root(&self) -> SyntaxNode {
        self.tree.syntax()
    }

    /// What stands before the first word of the line that a byte is in.
    pub fn indent_at(&self, offset: usize) -> &str {
        let line = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let rest = &self.text[line..offset];
        &rest[..rest.len() - rest.trim_start().len()]
    }

    /// The token that a byte is in; of two that meet there, the one that is a word, else the right one.
    pub fn token_at(&self, offset: usize) -> Option<SyntaxToken> {
        let at = TextSize::try_from(offset.min(self.text.len())).ok()?;
        let found = self.root().token_at_offset(at);
        let is_word = |token: &SyntaxToken| {
            token.kind() == SyntaxKind::Ident
                || token.kind().is_keyword()
                || (token.kind() >= SyntaxKind::Number && token.kind() < SyntaxKind::Unknown)
        };
        let left = found.clone().left_biased().filter(is_word);
        found.clone().right_biased().filter(is_word).or(left).or(found.right_biased())
    }

    /// The token that ends at or holds a byte: what was typed last.
    pub fn token_before(&self, offset: usize) -> Option<SyntaxToken> {
        let at = TextSize::try_from(offset.min(self.text.len())).ok()?;
        self.root().token_at_offset(at).left_biased()
    }

    /// The nearest view of a kind around a byte.
    pub fn around<N: AstNode>(&self, offset: usize) -> Option<N> {
        self.token_at(offset)?.parent_ancestors().find_map(N::cast)
    }

    /// The composition that a byte is in.
    pub fn composition_at(&self, offset: usize) -> Option<ast::Composition> {
        let around = |item: &ast::Item| {
            let range = item.range();
            usize::from(range.start()) <= offset && offset <= usize::from(range.end())
        };
        self.tree.file().items().filter(around).find_map(|item| match item {
            ast::Item::Composition(composition) => Some(composition),
            _ => None,
        })
    }

    /// What the compositions of this source come to, as the compiler knows it.
    pub fn films(&self) -> &[FilmFacts] {
        self.films.get_or_init(|| self.compiler.films(self.id))
    }

    /// The film of `films` whose composition a byte is in.
    pub fn film_at<'f>(&self, films: &'f [FilmFacts], offset: usize) -> Option<&'f FilmFacts> {
        use ast::HasName;
        let name = self.composition_at(offset)?.name()?.text();
        films.iter().find(|film| film.name == name)
    }

    /// The pieces of a film whose header is in this source and starts at a byte, one for each time the
    /// statement runs.
    pub fn pieces_at<'f>(&'f self, film: &'f FilmFacts, start: usize) -> impl Iterator<Item = &'f Piece> {
        // Numbers are compared faster than paths, and differ more often.
        film.pieces.iter().filter(move |piece| piece.header.start == start && piece.path == self.path)
    }
}
