//! Names of colours for the classes of the grammar: scopes of TextMate, faces of Emacs and Kakoune.

use serde_json::{Value, json};
use vid_grammar::highlight::HighlightClass;

/// The scope of a class, as the themes of TextMate's descendants know it.
pub fn scope(class: HighlightClass) -> &'static str {
    match class {
        HighlightClass::Comment => "comment.vid",
        HighlightClass::DocComment => "comment.documentation.vid",
        HighlightClass::Keyword => "keyword.control.vid",
        HighlightClass::Kind => "entity.name.type.class.vid",
        HighlightClass::Property => "variable.other.property.vid",
        HighlightClass::Definition => "variable.other.definition.vid",
        HighlightClass::Parameter => "variable.parameter.vid",
        HighlightClass::Name => "variable.other.vid",
        HighlightClass::Function => "entity.name.function.vid",
        HighlightClass::Type => "entity.name.type.vid",
        HighlightClass::Easing => "variable.other.enummember.vid",
        HighlightClass::String => "string.quoted.vid",
        HighlightClass::Escape => "constant.character.escape.vid",
        HighlightClass::Number => "constant.numeric.vid",
        HighlightClass::Unit => "keyword.other.unit.vid",
        HighlightClass::Time => "constant.numeric.time.vid",
        HighlightClass::Color => "constant.other.color.rgb-value.vid",
        HighlightClass::Boolean => "constant.language.boolean.vid",
        HighlightClass::Operator => "keyword.operator.vid",
        HighlightClass::Punctuation => "punctuation.vid",
        HighlightClass::Error => "invalid.illegal.vid",
    }
}

/// The face of a class in Emacs; `None` where text looks like text.
pub fn emacs_face(class: HighlightClass) -> Option<&'static str> {
    Some(match class {
        HighlightClass::Comment => "font-lock-comment-face",
        HighlightClass::DocComment => "font-lock-doc-face",
        HighlightClass::Keyword => "font-lock-keyword-face",
        HighlightClass::Kind | HighlightClass::Type => "font-lock-type-face",
        HighlightClass::Property | HighlightClass::Parameter => "font-lock-variable-name-face",
        HighlightClass::Definition | HighlightClass::Function => "font-lock-function-name-face",
        HighlightClass::String => "font-lock-string-face",
        HighlightClass::Escape | HighlightClass::Easing => "font-lock-builtin-face",
        HighlightClass::Number
        | HighlightClass::Unit
        | HighlightClass::Time
        | HighlightClass::Color
        | HighlightClass::Boolean => "font-lock-constant-face",
        HighlightClass::Error => "font-lock-warning-face",
        HighlightClass::Name | HighlightClass::Operator | HighlightClass::Punctuation => return None,
    })
}

/// The face of a class in Kakoune; `None` where text looks like text.
pub fn kakoune_face(class: HighlightClass) -> Option<&'static str> {
    Some(match class {
        HighlightClass::Comment => "comment",
        HighlightClass::DocComment => "documentation",
        HighlightClass::Keyword => "keyword",
        HighlightClass::Kind | HighlightClass::Type => "type",
        HighlightClass::Property | HighlightClass::Parameter => "attribute",
        HighlightClass::Definition => "variable",
        HighlightClass::Function => "function",
        HighlightClass::Easing => "builtin",
        HighlightClass::String => "string",
        HighlightClass::Escape
        | HighlightClass::Number
        | HighlightClass::Unit
        | HighlightClass::Time
        | HighlightClass::Color
        | HighlightClass::Boolean => "value",
        HighlightClass::Operator => "operator",
        HighlightClass::Error => "Error",
        HighlightClass::Name | HighlightClass::Punctuation => return None,
    })
}

/// The scopes of the classes of the language server that editors have no idea of themselves.
pub fn of_semantic_tokens() -> Value {
    json!({
        "unit": [scope(HighlightClass::Unit)],
        "time": [scope(HighlightClass::Time)],
        "color": [scope(HighlightClass::Color)],
        "boolean": [scope(HighlightClass::Boolean)],
        "escapeSequence": [scope(HighlightClass::Escape)],
        "unresolvedReference": [scope(HighlightClass::Error)],
    })
}
