//! The browser: the one place that talks to it about time, storage, locks, requests,
//! sockets and the formats of its user's region. See `host_nowhere.rs` for the server.

use super::{handle::within, http::Auth};
use crate::domain::{service::Language, time::Timestamp};
use js_sys::{Array, Function, Intl, Object, Promise, Reflect};
use leptos::web_sys::Event;
use std::{
    cell::{Cell, RefCell},
    future::Future,
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, CloseEvent, EventTarget, Headers, MessageEvent, RequestCredentials, RequestInit, Response, Storage, WebSocket, Window};

/// Longest wait for an answer to a request.
const REQUEST_TIMEOUT: u32 = 20_000;

fn window() -> Option<Window> {
    web_sys::window()
}

fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

fn set(of: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(of, &name.into(), value);
}

// ---- time and chance ----

/// The browser's clock.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// Random bytes that nobody can guess.
#[must_use]
pub fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    if let Some(crypto) = window().and_then(|w| w.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// A random number in 0..1, for jitter.
#[must_use]
pub fn chance() -> f64 {
    js_sys::Math::random()
}

// ---- tasks ----

/// Runs `task`, not bound to any reactive owner.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(task);
}

/// Waits. Background tabs are slowed down to one wake-up a minute, so nothing that must
/// be true depends on it.
pub async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, i32::try_from(ms).unwrap_or(i32::MAX));
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Calls `f` when the event at hand is done, before anything else.
pub fn microtask(f: impl FnOnce() + 'static) {
    spawn(async move { f() });
}

/// Calls `f` when what was just changed has been drawn into the page.
pub fn next_frame(f: impl FnOnce() + 'static) {
    // A page in the background draws no frames.
    let frame = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = if visible() {
                window.request_animation_frame(&resolve)
            } else {
                window.set_timeout_with_callback(&resolve)
            };
        }
    });
    spawn(async move {
        let _ = JsFuture::from(frame).await;
        f();
    });
}

// ---- the page ----

/// Whether somebody can see the page.
#[must_use]
pub fn visible() -> bool {
    window().and_then(|w| w.document()).is_none_or(|d| !d.hidden())
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// The JSON in the element with this id, carried by the page.
#[must_use]
pub fn page_json(id: &str) -> Option<Json> {
    Json::parse(&window()?.document()?.get_element_by_id(id)?.text_content()?)
}

// ---- the page that the widget's frame stands in (`public/frame.js`) ----

fn frame() -> JsValue {
    window().map(|w| get(&w, "damsoFrame")).unwrap_or_default()
}

/// Says something to the host page, if there is one. Goes over the port of the
/// handshake, so nobody else can read it.
pub fn host_post(json: &str) {
    if let (Ok(port), Ok(message)) = (get(&frame(), "port").dyn_into::<web_sys::MessagePort>(), js_sys::JSON::parse(json)) {
        let _ = port.post_message(&message);
    }
}

/// Takes over from the frame's script: hears what the host page says, also what it has
/// said so far. Answers the messages that the script could not store; `None` where the
/// page stands in no frame.
pub fn host_listen(f: impl Fn(Json) + 'static) -> Option<Vec<Json>> {
    let frame = frame();
    if !frame.is_object() {
        return None;
    }
    if let Some(early) = window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id("damso-early")) {
        early.remove();
    }
    let hear = Closure::<dyn FnMut(JsValue)>::new(move |message| f(Json(message)));
    let hear: Function = hear.into_js_value().unchecked_into();
    set(&frame, "on", &hear);
    for message in get(&frame, "queue").unchecked_into::<Array>().iter() {
        let _ = hear.call1(&JsValue::NULL, &message);
    }
    Json(get(&frame, "pending")).items()
}

// ---- JSON, read by the browser's own parser ----

/// A value read from JSON. Derived `Deserialize` would make the widget half as large
/// again, so what the widget reads is picked out by hand (`ui::widget::read`).
#[derive(Clone, Debug)]
pub struct Json(JsValue);

impl Json {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        js_sys::JSON::parse(text).ok().map(Self)
    }

    /// A field; null where there is none.
    #[must_use]
    pub fn at(&self, name: &str) -> Self {
        Self(get(&self.0, name))
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
        Array::is_array(&self.0).then(|| self.0.unchecked_ref::<Array>().iter().map(Self).collect())
    }
}

/// Listens until dropped.
#[must_use = "dropping a listener ends it"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    handler: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.name, self.handler.as_ref().unchecked_ref());
    }
}

/// Listens to an event of the window.
pub fn on_window(name: &'static str, f: impl FnMut(Event) + 'static) -> Option<Listener> {
    Some(listen(window()?.into(), name, f))
}

/// Listens to an event of the document.
pub fn on_document(name: &'static str, f: impl FnMut(Event) + 'static) -> Option<Listener> {
    Some(listen(window()?.document()?.into(), name, f))
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

fn listen(target: EventTarget, name: &'static str, f: impl FnMut(Event) + 'static) -> Listener {
    let handler = Closure::<dyn FnMut(Event)>::new(f);
    let _ = target.add_event_listener_with_callback(name, handler.as_ref().unchecked_ref());
    Listener { target, name, handler }
}

// ---- storage ----

thread_local! {
    /// Stands in where the browser blocks storage: kept as long as the page.
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

fn local_storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// The text stored under `key`.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    let in_memory = MEMORY.with_borrow(|m| m.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone()));
    in_memory.or_else(|| local_storage()?.get_item(key).ok()?)
}

/// Stores a text, in memory where storage is blocked or full.
pub fn store(key: &str, value: &str) {
    MEMORY.with_borrow_mut(|m| m.retain(|(k, _)| k != key));
    if !local_storage().is_some_and(|s| s.set_item(key, value).is_ok()) {
        MEMORY.with_borrow_mut(|m| m.push((key.to_owned(), value.to_owned())));
    }
}

/// Removes what is stored under `key`.
pub fn unstore(key: &str) {
    MEMORY.with_borrow_mut(|m| m.retain(|(k, _)| k != key));
    if let Some(storage) = local_storage() {
        let _ = storage.remove_item(key);
    }
}

/// All stored texts whose keys begin with `prefix`, in no order.
#[must_use]
pub fn stored_below(prefix: &str) -> Vec<String> {
    let mut keys: Vec<String> = MEMORY.with_borrow(|m| m.iter().map(|(key, _)| key.clone()).collect());
    if let Some(storage) = local_storage() {
        keys.extend((0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok()?));
    }
    keys.iter().filter(|key| key.starts_with(prefix)).filter_map(|key| stored(key)).collect()
}

/// Calls `f` with the key that another tab changed, or `None` when all went.
pub fn on_storage(mut f: impl FnMut(Option<String>) + 'static) -> Option<Listener> {
    on_window("storage", move |event| f(event.unchecked_into::<web_sys::StorageEvent>().key()))
}

// ---- locks between tabs ----

/// A lock among this origin's tabs (Web Locks), released when dropped.
#[must_use = "dropping a lock releases it"]
pub struct Lock(Rc<RefCell<LockState>>);

enum LockState {
    Asked,
    Held(Function),
    Given,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let LockState::Held(release) = self.0.replace(LockState::Given) {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Waits for the lock `name`, but no longer than `patience` milliseconds: a browser
/// without locks, or a frozen tab that holds one, must not stop the conversation.
pub async fn lock(name: &str, patience: u32) -> Lock {
    let state = Rc::new(RefCell::new(LockState::Asked));
    let locks = window().map(|w| get(&get(&w, "navigator"), "locks")).unwrap_or_default();
    let Ok(request) = get(&locks, "request").dyn_into::<Function>() else { return Lock(state) };
    let granted = Rc::new(Cell::new(None::<Function>));
    let waiting = {
        let granted = granted.clone();
        Promise::new(&mut move |resolve, _| granted.set(Some(resolve)))
    };
    let grant = {
        let state = state.clone();
        Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            if matches!(*state.borrow(), LockState::Given) {
                return JsValue::UNDEFINED;
            }
            let held = {
                let state = state.clone();
                Promise::new(&mut move |release, _| *state.borrow_mut() = LockState::Held(release))
            };
            if let Some(resolve) = granted.take() {
                let _ = resolve.call0(&JsValue::NULL);
            }
            held.into()
        })
    };
    if let Ok(request) = request.call2(&locks, &name.into(), &grant) {
        // The request itself settles early only when locks are forbidden here.
        let first = Promise::race(&Array::of2(&waiting, &request));
        let _ = within(patience, JsFuture::from(first)).await;
    }
    Lock(state)
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
pub async fn fetch(path: &str, body: &str, auth: Auth<'_>) -> Option<Answer> {
    let abort = AbortController::new().ok()?;
    let headers = Headers::new().ok()?;
    headers.set("content-type", "application/json").ok()?;
    headers.set("accept", "application/json").ok()?;
    let init = RequestInit::new();
    if let Auth::Token(token) = auth {
        headers.set("authorization", &format!("Bearer {token}")).ok()?;
    }
    init.set_credentials(if auth == Auth::Cookie { RequestCredentials::SameOrigin } else { RequestCredentials::Omit });
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_body(&body.into());
    init.set_signal(Some(&abort.signal()));
    let request = window()?.fetch_with_str_and_init(path, &init);
    let answer = within(REQUEST_TIMEOUT, async {
        let response: Response = JsFuture::from(request).await.ok()?.dyn_into().ok()?;
        let retry_after = response.headers().get("retry-after").ok().flatten().and_then(|s| s.trim().parse().ok());
        let body = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
        Some(Answer { status: response.status(), body, retry_after })
    })
    .await;
    if answer.is_none() {
        abort.abort();
    }
    answer.flatten()
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
    socket: WebSocket,
    handlers: Rc<[Closure<dyn FnMut(Event)>; 3]>,
}

impl Wire {
    /// Opens a socket to `path` of the page's own server.
    pub fn open(path: &str, on: impl Fn(WireEvent) + 'static) -> Option<Self> {
        let location = window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{scheme}://{}{path}", location.host().ok()?)).ok()?;
        let on = Rc::new(on);
        let [a, b, c] = [on.clone(), on.clone(), on];
        let open = Closure::<dyn FnMut(Event)>::new(move |_| a(WireEvent::Open));
        let text = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            if let Some(text) = event.unchecked_into::<MessageEvent>().data().as_string() {
                b(WireEvent::Text(text));
            }
        });
        // An error is always followed by a close.
        let close = Closure::<dyn FnMut(Event)>::new(move |event: Event| c(WireEvent::Closed(event.unchecked_into::<CloseEvent>().code())));
        socket.set_onopen(Some(open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(text.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { socket, handlers: Rc::new([open, text, close]) })
    }

    /// Whether the text was handed to the browser.
    #[must_use]
    pub fn send(&self, text: &str) -> bool {
        self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(text).is_ok()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close_with_code(1000);
        // This may run inside one of the handlers: let it return first.
        let handlers = self.handlers.clone();
        microtask(move || drop(handlers));
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

thread_local! {
    /// Making a format is slow, using it is not.
    static FORMATS: RefCell<Vec<((Language, TimeStyle), Function)>> = const { RefCell::new(Vec::new()) };
}

/// `at` in words, in the browser's zone.
#[must_use]
pub fn format_time(at: Timestamp, language: Language, style: TimeStyle) -> String {
    let known = FORMATS.with_borrow(|formats| formats.iter().find(|(of, _)| *of == (language, style)).map(|(_, format)| format.clone()));
    let format = known.unwrap_or_else(|| {
        let options = Object::new();
        let words: &[(&str, &str)] = match style {
            TimeStyle::Clock => &[("hour", "numeric"), ("minute", "2-digit")],
            TimeStyle::Day => &[("month", "long"), ("day", "numeric"), ("weekday", "long")],
            TimeStyle::Full => &[("dateStyle", "medium"), ("timeStyle", "long")],
        };
        for (name, value) in words {
            set(&options, name, &(*value).into());
        }
        let format = Intl::DateTimeFormat::new(&Array::of1(&language.code().into()), &options).format();
        FORMATS.with_borrow_mut(|formats| formats.push(((language, style), format.clone())));
        format
    });
    format.call1(&JsValue::UNDEFINED, &date(at)).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// The number of the day `at` falls on in the browser's zone.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "an offset is a few hundred minutes")]
pub fn local_day(at: Timestamp) -> i64 {
    let offset = date(at).get_timezone_offset() as i64;
    (at.0 - offset * crate::domain::time::MINUTE).div_euclid(crate::domain::time::DAY)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn date(at: Timestamp) -> js_sys::Date {
    js_sys::Date::new(&(at.0 as f64).into())
}

// ---- clipboard ----

/// Puts `text` on the clipboard; false where the browser forbids it.
pub async fn copy_text(text: &str) -> bool {
    let clipboard = window().map(|w| get(&get(&w, "navigator"), "clipboard")).unwrap_or_default();
    let Ok(write) = get(&clipboard, "writeText").dyn_into::<Function>() else { return false };
    match write.call1(&clipboard, &text.into()).and_then(|promise| promise.dyn_into::<Promise>()) {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}
