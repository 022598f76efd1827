//! What the browser can do to be noticed; see `nowhere.rs` for the server's side.

use crate::domain::preferences::Sound;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

mod js {
    use super::{Function, JsValue, Promise, wasm_bindgen};

    #[wasm_bindgen(module = "/src/ui/console/notice/notice.js")]
    extern "C" {
        pub fn lead(name: &str, handler: &JsValue) -> Function;
        pub fn look();
        pub fn looked() -> Promise;
        #[wasm_bindgen(js_name = openSound)]
        pub fn open_sound(handler: &JsValue);
        pub fn play(kind: u32, volume: u32);
        pub fn permission() -> String;
        pub fn ask() -> Promise;
        pub fn notify(title: &str, body: &str, tag: &str, open: &JsValue);
        pub fn badge(count: u32);
    }
}

/// Whether the user lets pages of ours show notices of the desktop.
#[must_use]
pub fn permission() -> super::Permission {
    match js::permission().as_str() {
        "granted" => super::Permission::Granted,
        "default" => super::Permission::NotAsked,
        _ => super::Permission::Denied,
    }
}

/// Asks him.
pub async fn ask() {
    drop(JsFuture::from(js::ask()).await);
}

/// Leads among the pages of this browser until dropped.
pub struct Leading(Function);

impl Drop for Leading {
    fn drop(&mut self) {
        drop(self.0.call0(&JsValue::NULL));
    }
}

/// Calls `leads` once this page is the one that is heard.
pub fn lead(name: &str, leads: impl FnOnce() + 'static) -> Leading {
    Leading(js::lead(name, &Closure::once_into_js(leads)))
}

/// Lets the other pages know while somebody looks at this one.
pub fn look() {
    js::look();
}

/// Whether somebody looks at a page of the console.
pub async fn looked() -> bool {
    JsFuture::from(js::looked()).await.is_ok_and(|looks| looks.is_truthy())
}

/// Makes sounds possible; `blocked` hears whether the browser still holds them back. Once
/// for a document.
pub fn open_sound(blocked: impl FnMut(bool) + 'static) {
    js::open_sound(&Closure::<dyn FnMut(bool)>::new(blocked).into_js_value());
}

/// Plays `sound`, at 0–100.
pub fn play(sound: Sound, volume: u8) {
    js::play(sound as u32, volume.into());
}

/// Shows a notice of the desktop; one with the same `tag` takes the place of another.
pub fn notify(title: &str, body: &str, tag: &str, open: impl FnOnce() + 'static) {
    js::notify(title, body, tag, Closure::once_into_js(open).unchecked_ref());
}

/// Shows how much waits on the tab's icon.
pub fn badge(count: usize) {
    js::badge(u32::try_from(count).unwrap_or(u32::MAX));
}
