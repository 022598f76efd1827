//! The files of a message at the desk (A51): pictures as pictures, others as cards.

use crate::{
    domain::{
        attachment::{Attachment, size_words},
        ids::ChatId,
    },
    ui::kit::{Icon, modal, texts},
};
use leptos::{html, prelude::*};

/// The picture that is shown large: its address and its name. Copy; of the open thread.
#[derive(Clone, Copy, Default)]
pub struct Picture(RwSignal<Option<(String, String)>>);

#[component]
pub fn Files(chat: ChatId, files: Vec<Attachment>) -> impl IntoView {
    if files.is_empty() {
        return ().into_any();
    }
    let t = texts();
    let shown = expect_context::<Picture>();
    let label = t.talk_files_label();
    let cards = files
        .into_iter()
        .map(|file| {
            let href = format!("/console/{chat}/files/{}", file.id);
            let save = t.talk_file_save_name(&file.name);
            let preview = file.picture.map(|size| {
                let (open, src, large) = (t.talk_picture_open(&file.name), href.clone(), (href.clone(), file.name.clone()));
                view! {
                    <button type="button" class="file-open" aria-label=open on:click=move |_| shown.0.set(Some(large.clone()))>
                        <img src=src width=size.width.to_string() height=size.height.to_string() alt=file.name.clone() loading="lazy"/>
                    </button>
                }
            });
            let is_picture = preview.is_some();
            view! {
                <li class="file-card" class:picture=is_picture>
                    {preview}
                    <span class="file-line">
                        <span class="file-words">
                            <span class="cut">{file.name}</span>
                            <span class="small file-size">{size_words(file.size)}</span>
                        </span>
                        // The router leaves these links to the browser.
                        <a class="file-save" href=href rel="external" download="" aria-label=save>
                            <Icon name="download"/>
                            {t.talk_file_save()}
                        </a>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="file-cards" aria-label=label>{cards}</ul> }.into_any()
}

/// A picture as large as it fits; Escape and a click close it.
#[component]
pub fn Lightbox() -> impl IntoView {
    let t = texts();
    let Picture(shown) = expect_context();
    let node = NodeRef::<html::Dialog>::new();
    modal(node, Signal::derive(move || shown.read().is_some()));
    let picture = move || {
        let t = texts();
        shown.get().map(|(src, name)| {
            let save = t.talk_file_save_name(&name);
            view! {
                <img src=src.clone() alt=name.clone()/>
                <p class="lightbox-line">
                    <span class="cut">{name}</span>
                    <a class="btn small-btn" href=src rel="external" download="" aria-label=save>{t.talk_file_save()}</a>
                </p>
            }
        })
    };
    let name = move || shown.get().map(|(_, name)| name);
    view! {
        <dialog node_ref=node class="lightbox" aria-label=name on:close=move |_| shown.set(None)>
            <button type="button" class="icon-btn lightbox-close" aria-label=t.common_close() title=t.common_close() on:click=move |_| shown.set(None)>
                <Icon name="x" size=20/>
            </button>
            {picture}
        </dialog>
    }
    .into_any()
}
