//! What each rule of the grammar becomes in the tree.

use crate::syntax_kind::SyntaxKind;
use crate::vid_pest::Rule;

/// The part a rule plays in the tree.
pub(super) enum Shape {
    /// A token of this kind.
    Token(SyntaxKind),
    /// A token whose kind is told by its text.
    Operator,
    /// A node of this kind around what is inside.
    Node(SyntaxKind),
    /// A flat row of operands and operators, to be nested by precedence.
    Expression,
    /// A list, whose members tell whether it is keyframes.
    List,
    /// A member of a list.
    ListItem,
    /// The end of the input, which has no text.
    End,
}

/// The kind of an operator, by its text.
pub(super) fn operator_kind(text: &str) -> SyntaxKind {
    match text {
        ".." => SyntaxKind::DotDot,
        "==" => SyntaxKind::EqEq,
        "!=" => SyntaxKind::NotEq,
        "<" => SyntaxKind::Less,
        "<=" => SyntaxKind::LessEq,
        ">" => SyntaxKind::Greater,
        ">=" => SyntaxKind::GreaterEq,
        "&&" => SyntaxKind::AmpAmp,
        "||" => SyntaxKind::PipePipe,
        "+" => SyntaxKind::Plus,
        "-" => SyntaxKind::Minus,
        "*" => SyntaxKind::Star,
        "/" => SyntaxKind::Slash,
        "%" => SyntaxKind::Percent,
        "!" => SyntaxKind::Bang,
        "and" => SyntaxKind::AndKw,
        "or" => SyntaxKind::OrKw,
        "not" => SyntaxKind::NotKw,
        _ => SyntaxKind::Unknown,
    }
}

/// Rules whose brackets nest.
pub(super) fn is_bracketed(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::block
            | Rule::field_list
            | Rule::variant_list
            | Rule::paren
            | Rule::index
            | Rule::list
            | Rule::comprehension
            | Rule::record
            | Rule::branch
            | Rule::arg_list
            | Rule::interpolation
            | Rule::trim_clause
    )
}

macro_rules! shapes {
    (tokens { $($token:ident => $token_kind:ident,)* } nodes { $($node:ident => $node_kind:ident,)* }) => {
        /// The part that `rule` plays.
        pub(super) fn shape_of(rule: Rule) -> Shape {
            match rule {
                $(Rule::$token => Shape::Token(SyntaxKind::$token_kind),)*
                $(Rule::$node => Shape::Node(SyntaxKind::$node_kind),)*
                Rule::infix_op | Rule::prefix_op | Rule::range_op => Shape::Operator,
                Rule::expr | Rule::cond => Shape::Expression,
                Rule::list => Shape::List,
                Rule::list_item => Shape::ListItem,
                Rule::EOI => Shape::End,
                // Silent rules never reach the pairs.
                _ => Shape::Node(SyntaxKind::Error),
            }
        }
    };
}

shapes! {
    tokens {
        blank => Whitespace,
        newline => Whitespace,
        doc_comment => DocComment,
        line_comment => LineComment,
        block_comment => BlockComment,
        ident => Ident,
        hyphened => Ident,
        kw_import => ImportKw,
        kw_as => AsKw,
        kw_private => PrivateKw,
        kw_let => LetKw,
        kw_fn => FnKw,
        kw_style => StyleKw,
        kw_composition => CompositionKw,
        kw_extern => ExternKw,
        kw_element => ElementKw,
        kw_enum => EnumKw,
        kw_unit => UnitKw,
        kw_for => ForKw,
        kw_in => InKw,
        kw_if => IfKw,
        kw_else => ElseKw,
        kw_sequence => SequenceKw,
        kw_stack => StackKw,
        kw_transition => TransitionKw,
        kw_marker => MarkerKw,
        kw_enter => EnterKw,
        kw_exit => ExitKw,
        kw_motion => MotionKw,
        kw_loop => LoopKw,
        kw_effect => EffectKw,
        kw_mask => MaskKw,
        kw_mask_mode => MaskModeKw,
        kw_set => SetKw,
        kw_duck => DuckKw,
        kw_under => UnderKw,
        kw_by => ByKw,
        kw_gap => GapKw,
        kw_output => OutputKw,
        kw_at => AtKw,
        kw_until => UntilKw,
        kw_with => WithKw,
        kw_through => ThroughKw,
        kw_up => UpKw,
        kw_to => ToKw,
        kw_natural => NaturalKw,
        kw_fill => FillKw,
        l_brace => LBrace,
        r_brace => RBrace,
        l_bracket => LBracket,
        r_bracket => RBracket,
        l_paren => LParen,
        r_paren => RParen,
        l_angle => LAngle,
        r_angle => RAngle,
        colon => Colon,
        wrong_eq => Eq,
        eq => Eq,
        arrow => Arrow,
        comma => Comma,
        semicolon => Semicolon,
        dot => Dot,
        pipe => Pipe,
        question => Question,
        timecode => Timecode,
        size => Size,
        rate => Rate,
        quantity => Quantity,
        number => Number,
        color => Color,
        boolean => Boolean,
        raw_string => RawString,
        quote => Quote,
        string_text => StringText,
        escape => Escape,
        interpolation_junk => Unknown,
        masked => Unknown,
        junk => Unknown,
    }
    nodes {
        name => Name,
        property_name => Name,
        field_name => Name,
        import_name => ImportName,
        header_value => HeaderValue,
        source_value => SourceValue,
        path => Path,
        literal => Literal,
        boolean_literal => Literal,
        string => StringLit,
        interpolation => Interpolation,
        name_ref => NameRef,
        paren => ParenExpr,
        index => Index,
        if_expr => IfExpr,
        branch => Branch,
        else_branch => ElseBranch,
        easing => Easing,
        comprehension => Comprehension,
        record => RecordExpr,
        record_field => RecordField,
        record_key => StringLit,
        arg_list => ArgList,
        arg => Arg,
        type_ref => TypeRef,
        type_alt => TypeAlt,
        type_args => TypeArgs,
        import_item => Import,
        import_alias => ImportAlias,
        import_list => ImportList,
        let_item => Let,
        let_stmt => Let,
        fn_item => Fn,
        style_item => Style,
        style_target => StyleTarget,
        composition_item => Composition,
        param_list => ParamList,
        param => Param,
        constraint => Constraint,
        default => Default,
        extern_element => ExternElement,
        field_list => FieldList,
        field => Field,
        flag_list => FlagList,
        extern_enum => ExternEnum,
        variant_list => VariantList,
        variant => Variant,
        extern_unit => ExternUnit,
        extern_fn => ExternFn,
        block => Block,
        property => Property,
        for_stmt => For,
        if_stmt => If,
        else_stmt => Else,
        sequence => Sequence,
        stack => Stack,
        transition => Transition,
        marker => Marker,
        motion => Motion,
        effect => Effect,
        amount => Amount,
        mask => Mask,
        set_stmt => Set,
        duck => Duck,
        under_clause => UnderClause,
        by_clause => ByClause,
        gap_stmt => Gap,
        output => Output,
        element => Element,
        at_clause => AtClause,
        for_clause => ForClause,
        up_to => UpTo,
        until_clause => UntilClause,
        with_clause => WithClause,
        through_clause => ThroughClause,
        trim_clause => TrimClause,
        too_deep => Error,
        bad_interpolation => Error,
        bad_item => Error,
        bad_stmt => Error,
        bad_list => Error,
        bad_header => Error,
    }
}
