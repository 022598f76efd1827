//! A page's data: loading, there, or failed with another try.

use super::{
    kit::{Button, EmptyState, texts},
    problems::plain_error_text,
    session::left_by,
};
use crate::api::ApiError;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// Loads with `fetch` and shows the answer with `view`, which also gets a way to load it
/// again. While nothing is there it says so; a failure offers another try.
pub fn load<T, F>(fetch: fn() -> F, view: fn(T, Callback<()>) -> AnyView) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    load_with(fetch, view)
}

/// The same where `fetch` has something with it: what the address asks for.
pub fn load_with<T, F>(fetch: impl Fn() -> F + Send + Sync + 'static, view: fn(T, Callback<()>) -> AnyView) -> AnyView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    let data = Resource::new(|| (), move |()| fetch());
    let again = Callback::new(move |()| data.refetch());
    view! {
        <Suspense fallback=move || {
            view! { <p class="muted">{texts().common_loading()}</p> }
        }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(there) => view(there, again),
                    Err(error) => view! { <Failed error on_retry=again/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Failed(error: ApiError, on_retry: Callback<()>) -> impl IntoView {
    let t = texts();
    let text = plain_error_text(&t, &error);
    Effect::new(move |_| {
        left_by(&error);
    });
    view! {
        <EmptyState icon="alert" title=text heading=true>
            <Button on_press=on_retry>{t.common_retry()}</Button>
        </EmptyState>
    }
    .into_any()
}
