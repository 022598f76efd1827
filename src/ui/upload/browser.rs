//! Files from a field of this page to the server; see `nowhere.rs` for the server's side.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

mod js {
    use super::{Array, JsValue, Promise, wasm_bindgen};

    #[wasm_bindgen(module = "/src/ui/upload/upload.js")]
    extern "C" {
        pub fn upload(path: &str, fields: &Array, input: &str, progress: &JsValue, stopper: &JsValue) -> Promise;
        pub fn chosen(input: &str) -> u32;
        pub fn clear(input: &str);
    }
}

/// Ends an upload that is under way.
#[derive(Clone)]
pub struct Stop(Function);

impl Stop {
    pub fn stop(&self) {
        drop(self.0.call0(&JsValue::NULL));
    }
}

/// How many files are chosen in the field with this id.
#[must_use]
pub fn chosen(input: &str) -> u32 {
    js::chosen(input)
}

/// Chooses none.
pub fn clear(input: &str) {
    js::clear(input);
}

/// Posts `fields` and the chosen files; `progress` is told percents. Answers the status and
/// the body, or nothing when it was stopped or the line broke.
pub async fn post(
    path: &str,
    fields: &[(&str, String)],
    input: &str,
    progress: impl Fn(u32) + 'static,
    stopper: impl Fn(Stop) + 'static,
) -> Option<(u16, String)> {
    let pairs: Array = fields.iter().map(|(name, value)| Array::of2(&JsValue::from_str(name), &JsValue::from_str(value))).collect();
    let progress = Closure::<dyn FnMut(u32)>::new(progress);
    let stopper = Closure::<dyn FnMut(Function)>::new(move |stop| stopper(Stop(stop)));
    let sent = js::upload(path, &pairs, input, progress.as_ref(), stopper.as_ref());
    let answer: Array = JsFuture::from(sent).await.ok()?.dyn_into().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status of HTTP")]
    let status = answer.get(0).as_f64()? as u16;
    Some((status, answer.get(1).as_string()?))
}
