//! What is said when somebody else saved first: nothing was saved, nothing is lost.

use crate::{
    domain::time::Timestamp,
    ui::{
        kit::{Button, ButtonKind, texts},
        live::host::{self, TimeStyle},
    },
};
use leptos::prelude::*;

#[component]
pub fn StaleBanner(
    /// Who saved last, and when.
    changed: Option<(String, Timestamp)>,
    /// By name, what differs from what this page started from.
    differs: String,
    #[prop(into)] busy: Signal<bool>,
    on_load: Callback<()>,
    on_save: Callback<()>,
) -> impl IntoView {
    let t = texts();
    // It comes only after a save, so the page is alive.
    let by = changed.map(|(name, at)| t.hours_stale_by(name, host::format_time(at, t.language, TimeStyle::Full)));
    let what = if differs.is_empty() { t.hours_stale_same() } else { t.hours_stale_differs(differs) };
    let (load, save) = (t.hours_stale_load(), t.hours_stale_save());
    view! {
        <div class="notice stale" role="alert">
            <b>{t.hours_stale_title()}</b>
            <p>{by} " " {what}</p>
            <div class="answers">
                <Button on_press=on_load>{load}</Button>
                <Button kind=ButtonKind::Danger busy=busy on_press=on_save>
                    {save}
                </Button>
            </div>
        </div>
    }
    .into_any()
}
