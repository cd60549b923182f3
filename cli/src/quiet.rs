//! Libraries that talk where only we should.

use std::path::Path;

/// Keeps everything quiet that has nothing to say to whoever uses the program. Called before any other
/// thread is started.
pub fn libraries() {
    encoders();
    drivers();
}

/// Keeps SVT-AV1 from listing its settings on standard error, unless somebody asks for it.
fn encoders() {
    const VARIABLE: &str = "SVT_LOG";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: the only thread is this one, so nobody reads the environment meanwhile.
        // One is its level for errors alone.
        unsafe { std::env::set_var(VARIABLE, "1") };
    }
}

/// Keeps the layer with which Mesa lets one choose among graphics devices from complaining, each time that
/// Vulkan is asked for some, that there is no desktop to ask which one it uses. Where nobody has a desktop
/// nobody loses by its absence, unless the choice was made by a variable.
fn drivers() {
    const VARIABLE: &str = "NODEVICE_SELECT";
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_desktop =
        std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).is_absolute());
    if !has_desktop && ![VARIABLE, "MESA_VK_DEVICE_SELECT", "DRI_PRIME"].into_iter().any(is_set) {
        // SAFETY: as above.
        unsafe { std::env::set_var(VARIABLE, "1") };
    }
}
