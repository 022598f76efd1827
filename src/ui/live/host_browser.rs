//! The browser: the one place that talks to it about time, storage, locks, requests,
//! sockets and the formats of its user's region. The talking itself is `host.js`; see
//! `host_nowhere.rs` for the server.

use super::http::Auth;
use crate::domain::{service::Language, time::Timestamp};
use js_sys::{Array, Function, Promise, Uint8Array};
use leptos::web_sys::Event;
use std::{future::Future, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

/// Longest wait for an answer to a request.
const REQUEST_TIMEOUT: u32 = 20_000;

mod js {
    use super::{Array, Function, JsValue, Promise, Uint8Array, wasm_bindgen};

    #[wasm_bindgen(module = "/src/ui/live/host.js")]
    extern "C" {
        pub fn now() -> f64;
        pub fn chance() -> f64;
        pub fn random(size: u32) -> Uint8Array;
        pub fn sleep(ms: u32) -> Promise;
        pub fn frame() -> Promise;
        pub fn visible() -> bool;
        pub fn reload();
        pub fn listen(on_document: bool, name: &str, handler: &JsValue) -> Function;
        #[wasm_bindgen(js_name = toEnd)]
        pub fn to_end(list: &JsValue);
        #[wasm_bindgen(js_name = followEnd)]
        pub fn follow_end(list: &JsValue, near: i32, handler: &JsValue) -> Function;
        pub fn stored(key: &str) -> Option<String>;
        pub fn store(key: &str, value: &str);
        pub fn unstore(key: &str);
        #[wasm_bindgen(js_name = storedBelow)]
        pub fn stored_below(prefix: &str) -> Array;
        pub fn lock(name: &str, patience: u32) -> Promise;
        pub fn post(path: &str, body: &str, token: Option<&str>, cookie: bool, patience: u32) -> Promise;
        pub fn open(path: &str, handler: &JsValue) -> JsValue;
        pub fn send(socket: &JsValue, text: &str) -> bool;
        pub fn close(socket: &JsValue);
        pub fn parse(text: &str) -> JsValue;
        pub fn object() -> JsValue;
        pub fn put(object: &JsValue, name: &str, value: &JsValue);
        pub fn stringify(value: &JsValue) -> String;
        pub fn at(value: &JsValue, name: &str) -> JsValue;
        pub fn items(value: &JsValue) -> Option<Array>;
        #[wasm_bindgen(js_name = pageJson)]
        pub fn page_json(id: &str) -> JsValue;
        #[wasm_bindgen(js_name = hostPost)]
        pub fn host_post(message: &JsValue);
        #[wasm_bindgen(js_name = hostListen)]
        pub fn host_listen(handler: &JsValue) -> Option<Array>;
        #[wasm_bindgen(js_name = frontListen)]
        pub fn front_listen(handler: &JsValue);
        #[wasm_bindgen(js_name = frontKnows)]
        pub fn front_knows(token: Option<&str>);
        pub fn stage(name: &str);
        pub fn tray(name: &str);
        #[wasm_bindgen(js_name = copyText)]
        pub fn copy_text(text: &str) -> Promise;
        #[wasm_bindgen(js_name = formatTime)]
        pub fn format_time(at: f64, language: &str, style: u32) -> String;
        #[wasm_bindgen(js_name = localDay)]
        pub fn local_day(at: f64) -> f64;
        #[wasm_bindgen(js_name = wallClock)]
        pub fn wall_clock(at: f64, zone: &str) -> String;
    }
}

// ---- time and chance ----

/// The browser's clock.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
pub fn now() -> Timestamp {
    Timestamp(js::now() as i64)
}

/// Random bytes that nobody can guess.
#[must_use]
pub fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    js::random(10).copy_to(&mut bytes);
    bytes
}

/// A random number in 0..1, for jitter.
#[must_use]
pub fn chance() -> f64 {
    js::chance()
}

// ---- tasks ----

/// Runs `task`, not bound to any reactive owner.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

/// Waits. Background tabs are slowed down to one wake-up a minute, so nothing that must
/// be true depends on it.
pub async fn sleep(ms: u32) {
    wait(js::sleep(ms)).await;
}

async fn wait(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.unwrap_or_default()
}

/// Calls `f` when the event at hand is done, before anything else.
pub fn microtask(f: impl FnOnce() + 'static) {
    spawn(async move { f() });
}

/// Calls `f` when what was just changed has been drawn into the page.
pub fn next_frame(f: impl FnOnce() + 'static) {
    let frame = js::frame();
    spawn(async move {
        wait(frame).await;
        f();
    });
}

// ---- the page ----

/// Whether somebody can see the page.
#[must_use]
pub fn visible() -> bool {
    js::visible()
}

/// Loads the page anew.
pub fn reload() {
    js::reload();
}

/// The JSON in the element with this id, carried by the page.
#[must_use]
pub fn page_json(id: &str) -> Option<Json> {
    Some(Json(js::page_json(id))).filter(|json| !json.is_null())
}

/// Listens until dropped.
#[must_use = "dropping a listener ends it"]
pub struct Listener {
    end: Function,
    _handler: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.end.call0(&JsValue::NULL);
    }
}

/// Listens to an event of the window.
pub fn on_window(name: &'static str, f: impl FnMut(Event) + 'static) -> Option<Listener> {
    Some(listen(false, name, Closure::new(f)))
}

/// Listens to an event of the document.
pub fn on_document(name: &'static str, f: impl FnMut(Event) + 'static) -> Option<Listener> {
    Some(listen(true, name, Closure::new(f)))
}

/// Listens to the Escape key, wherever the focus is in the page.
pub fn on_escape(f: impl Fn() + 'static) -> Option<Listener> {
    on_window("keydown", move |event| {
        let event: web_sys::KeyboardEvent = event.unchecked_into();
        if event.key() == "Escape" && !event.is_composing() {
            f();
        }
    })
}

/// Calls `stay` with the address before the browser goes back or forward within the
/// document; `true` keeps the page. Browsers let nobody be kept who has not touched the page since it was shown.
pub fn on_traverse(mut stay: impl FnMut(Option<String>) -> bool + 'static) -> Option<Traversing> {
    // Not every browser has one.
    let navigation: web_sys::EventTarget = js::at(&web_sys::window()?.into(), "navigation").dyn_into().ok()?;
    let handler = move |event: Event| {
        let to = js::at(&event, "destination");
        let within = js::at(&to, "sameDocument").is_truthy();
        let traverses = js::at(&event, "navigationType").as_string().as_deref() == Some("traverse");
        if traverses && within && event.cancelable() && stay(js::at(&to, "url").as_string()) {
            event.prevent_default();
        }
    };
    let handler = Closure::<dyn FnMut(Event)>::new(handler);
    // Fails only for a name that no browser knows.
    navigation.add_event_listener_with_callback("navigate", handler.as_ref().unchecked_ref()).ok()?;
    Some(Traversing { navigation, handler })
}

/// Listens to the browser's history until it is dropped. The widget has no use for it, so
/// host.js, which both modules carry, does not know it.
pub struct Traversing {
    navigation: web_sys::EventTarget,
    handler: Closure<dyn FnMut(Event)>,
}

impl Drop for Traversing {
    fn drop(&mut self) {
        drop(self.navigation.remove_event_listener_with_callback("navigate", self.handler.as_ref().unchecked_ref()));
    }
}

fn listen(on_document: bool, name: &str, handler: Closure<dyn FnMut(Event)>) -> Listener {
    Listener { end: js::listen(on_document, name, handler.as_ref()), _handler: handler }
}

// ---- lists that are read from their end ----

/// Shows the end of a list and stays there.
pub fn to_end(list: &web_sys::Element) {
    js::to_end(list);
}

/// Shows the end of a scrolling list, keeps it in view until the reader scrolls up, and
/// calls `f` with whether it is, after each scrolling and each change of size. `near`
/// pixels above it still count as the end.
pub fn follow_end(list: &web_sys::Element, near: i32, mut f: impl FnMut(bool) + 'static) -> Option<Listener> {
    let shown = list.clone();
    let handler = Closure::<dyn FnMut(Event)>::new(move |_| f(js::at(&shown, "atEnd").is_truthy()));
    Some(Listener { end: js::follow_end(list, near, handler.as_ref()), _handler: handler })
}

// ---- storage ----

/// The text stored under `key`.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    js::stored(key)
}

/// Stores a text, in memory where storage is blocked or full.
pub fn store(key: &str, value: &str) {
    js::store(key, value);
}

/// Removes what is stored under `key`.
pub fn unstore(key: &str) {
    js::unstore(key);
}

/// All stored texts whose keys begin with `prefix`, in no order.
#[must_use]
pub fn stored_below(prefix: &str) -> Vec<String> {
    js::stored_below(prefix).iter().filter_map(|text| text.as_string()).collect()
}

/// Calls `f` with the key that another tab changed, or `None` when all went.
pub fn on_storage(mut f: impl FnMut(Option<String>) + 'static) -> Option<Listener> {
    on_window("storage", move |event| f(js::at(&event, "key").as_string()))
}

// ---- locks between tabs ----

/// A lock among this origin's tabs (Web Locks), released when dropped.
#[must_use = "dropping a lock releases it"]
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// Waits for the lock `name`, but no longer than `patience` milliseconds: a browser
/// without locks, or a frozen tab that holds one, must not stop the conversation.
pub async fn lock(name: &str, patience: u32) -> Lock {
    Lock(wait(js::lock(name, patience)).await.unchecked_into())
}

// ---- requests ----

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: String,
    /// Seconds, when the server asked for patience.
    pub retry_after: Option<u32>,
}

/// Posts JSON; `None` when no answer came.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status and seconds; `as` keeps to the type's ends")]
pub async fn fetch(path: &str, body: &str, auth: Auth<'_>) -> Option<Answer> {
    let token = if let Auth::Token(token) = auth { Some(token) } else { None };
    let answer: Array = wait(js::post(path, body, token, auth == Auth::Cookie, REQUEST_TIMEOUT)).await.dyn_into().ok()?;
    let retry_after = answer.get(2).as_f64().filter(|seconds| !seconds.is_nan());
    Some(Answer {
        status: answer.get(0).as_f64()? as u16,
        body: answer.get(1).as_string()?,
        retry_after: retry_after.map(|seconds| seconds as u32),
    })
}

// ---- sockets ----

/// What happens on a socket.
pub enum WireEvent {
    Open,
    Text(String),
    Closed(u16),
}

/// One WebSocket; dropping it closes it without a further event.
pub struct Wire {
    socket: JsValue,
    handler: Rc<Closure<dyn FnMut(u16, String)>>,
}

impl Wire {
    /// Opens a socket to `path` of the page's own server.
    pub fn open(path: &str, on: impl Fn(WireEvent) + 'static) -> Option<Self> {
        let handler = Closure::<dyn FnMut(u16, String)>::new(move |what, text| {
            on(match what {
                0 => WireEvent::Open,
                1 => WireEvent::Text(text),
                code => WireEvent::Closed(code),
            });
        });
        Some(Self { socket: js::open(path, handler.as_ref()), handler: Rc::new(handler) })
    }

    /// Whether the text was handed to the browser.
    #[must_use]
    pub fn send(&self, text: &str) -> bool {
        js::send(&self.socket, text)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        js::close(&self.socket);
        // This may run inside the handler: let it return first.
        let handler = self.handler.clone();
        microtask(move || drop(handler));
    }
}

// ---- the page that the widget's frame stands in (`public/frame.js`) ----

/// Says something to the host page, if there is one. Goes over the port of the
/// handshake, so nobody else can read it.
pub fn host_post(message: &Out) {
    js::host_post(&message.0);
}

/// Takes over from the frame's script: hears what the host page says, also what it has
/// said so far. Answers the messages that the script could not store; `None` where the
/// page stands in no frame.
pub fn host_listen(f: impl Fn(Json) + 'static) -> Option<Vec<Json>> {
    let hear = Closure::<dyn FnMut(JsValue)>::new(move |message| f(Json(message)));
    let pending = js::host_listen(&hear.into_js_value())?;
    Some(pending.iter().map(Json).collect())
}

/// Hears what the front door asks: `false` for who the visitor is, `true` when a chat has
/// begun there.
pub fn front_listen(f: impl Fn(Json) + 'static) {
    let hear = Closure::<dyn FnMut(JsValue)>::new(move |message| f(Json(message)));
    js::front_listen(&hear.into_js_value());
}

/// Tells the front door who the visitor is; `None`: nobody, for now.
pub fn front_knows(token: Option<&str>) {
    js::front_knows(token);
}

/// What the widget's window is for now, for the page's style.
pub fn stage(name: &str) {
    js::stage(name);
}

/// Names what stands beside the chat: the server draws it, `public/tray.js` fetches it.
pub fn tray(name: &str) {
    js::tray(name);
}

// ---- the clipboard ----

/// Puts a text on the clipboard; whether the browser let us.
pub async fn copy_text(text: &str) -> bool {
    wait(js::copy_text(text)).await.is_truthy()
}

// ---- JSON, read by the browser's own parser ----

/// A value read from JSON. Derived `Deserialize` would make the widget half as large
/// again, so what the widget reads is picked out by hand (`ui::widget::read`).
#[derive(Clone, Debug)]
pub struct Json(JsValue);

impl Json {
    /// `None` for what is no JSON.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self(js::parse(text))).filter(|json| !json.0.is_undefined())
    }

    /// A field; null where there is none.
    #[must_use]
    pub fn at(&self, name: &str) -> Self {
        Self(js::at(&self.0, name))
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    #[must_use]
    pub fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers below 2^53 are all that the protocol knows")]
    pub fn number(&self) -> Option<i64> {
        self.0.as_f64().map(|n| n as i64)
    }

    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }

    #[must_use]
    pub fn items(&self) -> Option<Vec<Self>> {
        Some(js::items(&self.0)?.iter().map(Self).collect())
    }
}

/// A JSON object in the making, for the same reason.
#[derive(Clone, Debug)]
pub struct Out(JsValue);

impl Out {
    /// An empty object.
    #[must_use]
    pub fn new() -> Self {
        Self(js::object())
    }

    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.put(name, &value.into())
    }

    /// Null where there is nothing.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<&str>) -> Self {
        self.put(name, &value.map_or(JsValue::NULL, JsValue::from))
    }

    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "whole numbers below 2^53 are all that the protocol knows")]
    pub fn number(self, name: &str, value: i64) -> Self {
        self.put(name, &(value as f64).into())
    }

    #[must_use]
    pub fn flag(self, name: &str, value: bool) -> Self {
        self.put(name, &value.into())
    }

    #[must_use]
    pub fn object(self, name: &str, value: Option<&Self>) -> Self {
        self.put(name, value.map_or(&JsValue::NULL, |object| &object.0))
    }

    fn put(self, name: &str, value: &JsValue) -> Self {
        js::put(&self.0, name, value);
        self
    }

    /// As JSON.
    #[must_use]
    pub fn write(&self) -> String {
        js::stringify(&self.0)
    }
}

impl Default for Out {
    fn default() -> Self {
        Self::new()
    }
}

// ---- formats of the user's region ----

/// How a time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeStyle {
    /// 오후 3:12
    Clock,
    /// 11월 21일 토요일
    Day,
    /// 2026. 11. 21. 오후 3:12:05 GMT+9
    Full,
}

/// `at` in words, in the browser's zone.
#[must_use]
pub fn format_time(at: Timestamp, language: Language, style: TimeStyle) -> String {
    js::format_time(float(at), language.code(), style as u32)
}

/// The number of the day `at` falls on in the browser's zone.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "days since 1970")]
pub fn local_day(at: Timestamp) -> i64 {
    js::local_day(float(at)) as i64
}

/// What the clocks of `zone` show at `at`, as `YYYY-MM-DDTHH:MM`.
#[must_use]
pub fn wall_clock(at: Timestamp, zone: &str) -> String {
    js::wall_clock(float(at), zone)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn float(at: Timestamp) -> f64 {
    at.0 as f64
}
