//! The server has no field with files.

/// Ends an upload that is under way.
#[derive(Clone)]
pub struct Stop;

impl Stop {
    pub fn stop(&self) {}
}

#[must_use]
pub fn chosen(_input: &str) -> u32 {
    0
}

pub fn clear(_input: &str) {}

pub async fn post(
    _path: &str,
    _fields: &[(&str, String)],
    _input: &str,
    progress: impl Fn(u32) + 'static,
    stopper: impl Fn(Stop) + 'static,
) -> Option<(u16, String)> {
    drop((progress, stopper));
    None
}
