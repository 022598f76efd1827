//! The server in place of the browser: same names as `host_browser.rs`, nobody there.
//! Components are drawn here without their effects, so none of this is ever reached in
//! earnest; tests of the pure parts link against it.

use super::http::Auth;
use crate::domain::{service::Language, time::Timestamp};
use leptos::web_sys::{Element, Event};
use std::future::{Future, pending};

#[must_use]
pub fn now() -> Timestamp {
    Timestamp(0)
}

#[must_use]
pub fn random() -> [u8; 10] {
    [0; 10]
}

#[must_use]
pub fn chance() -> f64 {
    0.5
}

pub fn spawn(task: impl Future<Output = ()> + 'static) {
    drop(task);
}

pub async fn sleep(_ms: u32) {
    pending::<()>().await;
}

pub fn microtask(f: impl FnOnce() + 'static) {
    drop(f);
}

pub fn next_frame(f: impl FnOnce() + 'static) {
    drop(f);
}

#[must_use]
pub fn visible() -> bool {
    false
}

pub fn reload() {}

#[must_use]
pub fn page_json(_id: &str) -> Option<Json> {
    None
}

pub fn front_listen(f: impl Fn(Json) + 'static) {
    drop(f);
}

pub fn front_knows(_token: Option<&str>) {}

pub fn stage(_name: &str) {}

pub fn tray(_name: &str) {}

pub fn host_post(_message: &Out) {}

pub fn host_listen(f: impl Fn(Json) + 'static) -> Option<Vec<Json>> {
    drop(f);
    None
}

/// Read by serde here, so that tests can compare what the widget picks out by hand with
/// what the server wrote.
#[derive(Clone, Debug)]
pub struct Json(serde_json::Value);

impl Json {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    #[must_use]
    pub fn at(&self, name: &str) -> Self {
        Self(self.0.get(name).cloned().unwrap_or_default())
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }

    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }

    #[must_use]
    pub fn number(&self) -> Option<i64> {
        self.0.as_i64()
    }

    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }

    #[must_use]
    pub fn items(&self) -> Option<Vec<Self>> {
        self.0.as_array().map(|items| items.iter().cloned().map(Self).collect())
    }
}

pub struct Listener;

pub fn on_window(_name: &'static str, f: impl FnMut(Event) + 'static) -> Option<Listener> {
    drop(f);
    None
}

pub fn on_document(_name: &'static str, f: impl FnMut(Event) + 'static) -> Option<Listener> {
    drop(f);
    None
}

pub fn on_traverse(stay: impl FnMut(Option<String>) -> bool + 'static) -> Option<Listener> {
    drop(stay);
    None
}

pub fn on_escape(f: impl Fn() + 'static) -> Option<Listener> {
    drop(f);
    None
}

pub fn to_end(_list: &Element) {}

pub fn follow_end(_list: &Element, _near: i32, f: impl FnMut(bool) + 'static) -> Option<Listener> {
    drop(f);
    None
}

#[derive(Clone, Debug, Default)]
pub struct Out(serde_json::Map<String, serde_json::Value>);

impl Out {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.put(name, value.into())
    }

    #[must_use]
    pub fn maybe(self, name: &str, value: Option<&str>) -> Self {
        self.put(name, value.into())
    }

    #[must_use]
    pub fn number(self, name: &str, value: i64) -> Self {
        self.put(name, value.into())
    }

    #[must_use]
    pub fn flag(self, name: &str, value: bool) -> Self {
        self.put(name, value.into())
    }

    #[must_use]
    pub fn object(self, name: &str, value: Option<&Self>) -> Self {
        self.put(name, value.map(|object| object.0.clone().into()).unwrap_or_default())
    }

    fn put(mut self, name: &str, value: serde_json::Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    #[must_use]
    pub fn write(&self) -> String {
        serde_json::Value::Object(self.0.clone()).to_string()
    }
}

#[must_use]
pub fn stored(_key: &str) -> Option<String> {
    None
}

pub fn store(_key: &str, _value: &str) {}

pub fn unstore(_key: &str) {}

#[must_use]
pub fn stored_below(_prefix: &str) -> Vec<String> {
    Vec::new()
}

pub fn on_storage(f: impl FnMut(Option<String>) + 'static) -> Option<Listener> {
    drop(f);
    None
}

pub struct Lock;

pub async fn lock(_name: &str, _patience: u32) -> Lock {
    Lock
}

pub struct Answer {
    pub status: u16,
    pub body: String,
    pub retry_after: Option<u32>,
}

pub async fn fetch(_path: &str, _body: &str, _auth: Auth<'_>) -> Option<Answer> {
    None
}

pub enum WireEvent {
    Open,
    Text(String),
    Closed(u16),
}

pub struct Wire;

impl Wire {
    pub fn open(_path: &str, on: impl Fn(WireEvent) + 'static) -> Option<Self> {
        drop(on);
        None
    }

    #[must_use]
    pub fn send(&self, _text: &str) -> bool {
        false
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeStyle {
    Clock,
    Day,
    Full,
}

#[must_use]
pub fn format_time(_at: Timestamp, _language: Language, _style: TimeStyle) -> String {
    String::new()
}

#[must_use]
pub fn local_day(_at: Timestamp) -> i64 {
    0
}

#[must_use]
pub fn wall_clock(_at: Timestamp, _zone: &str) -> String {
    String::new()
}

pub async fn copy_text(_text: &str) -> bool {
    false
}
