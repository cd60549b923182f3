//! Functions of an author: a value computed from arguments, with nothing else of the caller in sight.

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Stop, Value, evaluate, evaluate_as};
use crate::items::{Arg, Expr, FnDecl, Ident, ItemPlace, Param, TypeExpr};
use crate::schedule::context::Context;
use crate::schedule::engine::{Engine, ROOT};
use crate::types::{Atom, Type};

impl<'db> Context<'_, 'db> {
    /// Calls a function with arguments of the caller.
    pub(super) fn call_function(
        &mut self,
        function: &'db FnDecl,
        home: &ItemPlace,
        name: &Ident,
        args: &[Arg],
        item: &ItemPlace,
        place: &Place,
    ) -> Result<Value, Stop> {
        let mut given: Vec<Option<&Arg>> = vec![None; function.params.len()];
        for (position, arg) in args.iter().enumerate() {
            let index = match &arg.name {
                Some(word) => function.params.iter().position(|param| param.name.text == word.text),
                None => (position < given.len()).then_some(position),
            };
            match index.filter(|index| given[*index].is_none()) {
                Some(index) => given[index] = Some(arg),
                None => {
                    let at = item.at(arg.name.as_ref().map_or(arg.value.node, |word| word.node));
                    return Err(self.wrong_arguments(function, name, &at));
                }
            }
        }
        if self.engine.calling.iter().any(|(calling, _)| calling == home) {
            let mut chain: Vec<_> = self.engine.calling.iter().map(|(_, name)| &**name).collect();
            chain.push(&name.text);
            let message = format!("functions call each other in a circle: {}", chain.join(" → "));
            return Err(self.engine.stop(Report::error(Code::ReferenceCycle, place, message)));
        }
        let mut values = Vec::new();
        for (param, arg) in function.params.iter().zip(given) {
            let ty = self.engine.type_of_param(param, home)?;
            let value = match (arg, &param.default) {
                (Some(arg), _) => evaluate_as(self, &arg.value, &ty, item)?,
                (None, Some(default)) => self.inside(home, values.clone(), default, Some(&ty))?,
                (None, None) => return Err(self.wrong_arguments(function, name, place)),
            };
            let scope = self.engine.new_scope(None, false, String::new());
            let outer = std::mem::replace(&mut self.engine.locals, values.clone());
            let checked = self.engine.check_constraint_at(param, &value, place, home, scope);
            self.engine.locals = outer;
            checked?;
            values.push((param.name.text.clone(), value));
        }
        let Some(body) = &function.body else { return Err(Stop::Poison) };
        let result = self.engine.optional_type(function.result.as_ref(), home)?;
        self.engine.calling.push((home.clone(), name.text.clone()));
        let value = self.inside(home, values, body, result.as_ref());
        self.engine.calling.pop();
        value
    }

    /// Evaluates an expression of a function: it sees the parameters and its own file.
    fn inside(
        &mut self,
        home: &ItemPlace,
        values: Vec<(std::sync::Arc<str>, Value)>,
        expr: &Expr,
        ty: Option<&Type>,
    ) -> Result<Value, Stop> {
        let outer = std::mem::replace(&mut self.engine.locals, values);
        let scope = self.engine.new_scope(None, false, String::new());
        let mut context = Context { engine: self.engine, scope, me: self.me, clock: self.clock };
        let value = match ty {
            Some(ty) => evaluate_as(&mut context, expr, ty, home),
            None => evaluate(&mut context, expr, None, home),
        };
        self.engine.locals = outer;
        value
    }

    fn wrong_arguments(&mut self, function: &FnDecl, name: &Ident, place: &Place) -> Stop {
        let params: Vec<_> = function.params.iter().map(|param| &*param.name.text).collect();
        let count = params.len();
        let plural = if count == 1 { "" } else { "s" };
        let message = format!("`{}` takes {count} argument{plural}", name.text);
        let report = Report::error(Code::WrongArguments, place, message);
        self.engine.stop(report.help(format!("write `{}({})`", name.text, params.join(", "))))
    }
}

impl<'db> Engine<'db> {
    fn type_of_param(&mut self, param: &Param, home: &ItemPlace) -> Result<Type, Stop> {
        let ty = self.optional_type(param.ty.as_ref(), home)?;
        Ok(ty.unwrap_or(Type::of(Atom::Any)))
    }

    /// The type that is written, if one is.
    pub(super) fn optional_type(
        &mut self,
        written: Option<&TypeExpr>,
        home: &ItemPlace,
    ) -> Result<Option<Type>, Stop> {
        written.map(|written| self.resolve_type(written, home)).transpose()
    }

    /// What is wrong with a function, whatever it is called with.
    pub(super) fn check_function(&mut self, function: &'db FnDecl, home: &ItemPlace) {
        let mut values = Vec::new();
        for param in &function.params {
            let Ok(ty) = self.type_of_param(param, home) else { return };
            values.push((param.name.text.clone(), Value::Unknown(ty)));
        }
        let (Some(body), Ok(result)) = (&function.body, self.optional_type(function.result.as_ref(), home))
        else {
            return;
        };
        let scope = self.new_scope(None, false, String::new());
        let mut context = Context { engine: self, scope, me: ROOT, clock: ROOT };
        // What is wrong is reported on the way; the value is of no use here.
        let _ = context.inside(home, values, body, result.as_ref());
    }
}
