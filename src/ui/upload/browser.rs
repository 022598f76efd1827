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
        pub fn carries(event: &JsValue) -> bool;
        pub fn take(event: &JsValue) -> Array;
        pub fn forget(number: u32);
        pub fn picture(number: u32) -> Option<String>;
        pub fn send(path: &str, fields: &Array, numbers: &Array, progress: &JsValue, stopper: &JsValue) -> Promise;
        pub fn load(path: &str) -> Promise;
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
    let progress = Closure::<dyn FnMut(u32)>::new(progress);
    let stopper = Closure::<dyn FnMut(Function)>::new(move |stop| stopper(Stop(stop)));
    answered(js::upload(path, &pairs(fields), input, progress.as_ref(), stopper.as_ref())).await
}

/// Posts `fields` and files that were taken; as [`post`].
pub async fn send(
    path: &str,
    fields: &[(&str, String)],
    numbers: &[u32],
    progress: impl Fn(u32) + 'static,
    stopper: impl Fn(Stop) + 'static,
) -> Option<(u16, String)> {
    let numbers: Array = numbers.iter().map(|number| JsValue::from(*number)).collect();
    let progress = Closure::<dyn FnMut(u32)>::new(progress);
    let stopper = Closure::<dyn FnMut(Function)>::new(move |stop| stopper(Stop(stop)));
    answered(js::send(path, &pairs(fields), &numbers, progress.as_ref(), stopper.as_ref())).await
}

/// Whether something is dragged that has files in it.
#[must_use]
pub fn carries(event: &impl AsRef<JsValue>) -> bool {
    js::carries(event.as_ref())
}

/// Takes the files that were chosen, pasted or dropped: the number under which each waits
/// in the page, its name, and its size in bytes.
#[must_use]
pub fn take(event: &impl AsRef<JsValue>) -> Vec<(u32, String, u64)> {
    let read = |file: JsValue| -> Option<(u32, String, u64)> {
        let file: Array = file.dyn_into().ok()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counted by the page, and a length")]
        Some((file.get(0).as_f64()? as u32, file.get(1).as_string()?, file.get(2).as_f64()? as u64))
    };
    js::take(event.as_ref()).iter().filter_map(read).collect()
}

/// Lets a taken file go.
pub fn forget(number: u32) {
    js::forget(number);
}

/// The address under which this page can draw a taken picture until it lets go of it; `None`
/// for what is none.
#[must_use]
pub fn picture(number: u32) -> Option<String> {
    js::picture(number)
}

/// A text file of this site.
pub async fn load(path: &str) -> Option<String> {
    JsFuture::from(js::load(path)).await.ok()?.as_string()
}

fn pairs(fields: &[(&str, String)]) -> Array {
    fields.iter().map(|(name, value)| Array::of2(&JsValue::from_str(name), &JsValue::from_str(value))).collect()
}

async fn answered(sent: Promise) -> Option<(u16, String)> {
    let answer: Array = JsFuture::from(sent).await.ok()?.dyn_into().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status of HTTP")]
    let status = answer.get(0).as_f64()? as u16;
    Some((status, answer.get(1).as_string()?))
}
