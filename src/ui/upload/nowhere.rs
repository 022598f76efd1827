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

pub async fn send(
    _path: &str,
    _fields: &[(&str, String)],
    _numbers: &[u32],
    progress: impl Fn(u32) + 'static,
    stopper: impl Fn(Stop) + 'static,
) -> Option<(u16, String)> {
    drop((progress, stopper));
    None
}

#[must_use]
pub fn carries<E>(_event: &E) -> bool {
    false
}

#[must_use]
pub fn take<E>(_event: &E) -> Vec<(u32, String, u64)> {
    Vec::new()
}

pub fn forget(_number: u32) {}

#[must_use]
pub fn picture(_number: u32) -> Option<String> {
    None
}

pub async fn load(_path: &str) -> Option<String> {
    None
}
