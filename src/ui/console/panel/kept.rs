//! What is typed in a form of the pane and not saved stays (E8): in this browser at once.

use crate::ui::{live::draft, settings::stale::Draft};
use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A form's content, and what it was begun from.
#[derive(Serialize, Deserialize)]
pub struct Kept<T> {
    pub over: u64,
    pub base: T,
    pub value: T,
}

/// What this browser keeps of the form at `place`.
pub fn find<T: DeserializeOwned>(place: &str) -> Option<Kept<T>> {
    serde_json::from_str(&draft::load(place)).ok()
}

/// Forgets it.
pub fn forget(place: &str) {
    draft::save(place, "");
}

/// Keeps a form's content in this browser while it is another than what is stored, and tells
/// `hear` each time.
pub fn follow<T>(place: String, form: Draft<T>, hear: impl Fn(Option<Kept<T>>) + 'static)
where
    T: Clone + PartialEq + Serialize + Send + Sync + 'static,
{
    let dirty = form.dirty();
    Effect::new(move |before: Option<bool>| {
        let (value, unsaved) = (form.value.get(), dirty.get());
        let kept = unsaved.then(|| Kept { over: form.version(), base: form.base(), value });
        // Nothing was kept, and nothing is to be.
        if before != Some(true) && kept.is_none() {
            return false;
        }
        let text = kept.as_ref().and_then(|kept| serde_json::to_string(kept).ok()).unwrap_or_default();
        draft::save(&place, &text);
        hear(kept);
        unsaved
    });
}
