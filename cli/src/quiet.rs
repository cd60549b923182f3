//! Libraries that talk where only we should.

/// Keeps SVT-AV1 from listing its settings on standard error, unless somebody asks for it. Called before
/// any other thread is started.
pub fn encoders() {
    const VARIABLE: &str = "SVT_LOG";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: the only thread is this one, so nobody reads the environment meanwhile.
        // One is its level for errors alone.
        unsafe { std::env::set_var(VARIABLE, "1") };
    }
}
