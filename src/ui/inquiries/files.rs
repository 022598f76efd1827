//! The files of a message at the desk: pictures as small previews.

use crate::{
    domain::{
        attachment::{Attachment, size_words},
        ids::InquiryId,
    },
    ui::kit::texts,
};
use leptos::prelude::*;

/// The files, below the address of their inquiry.
pub fn list(inquiry: InquiryId, files: Vec<Attachment>) -> AnyView {
    if files.is_empty() {
        return ().into_any();
    }
    let files = files
        .into_iter()
        .map(|file| {
            let href = format!("/inquiries/{inquiry}/files/{}", file.id);
            // The router leaves these links to the browser.
            let preview = file.picture.map(|size| {
                view! {
                    <a href=href.clone() rel="external" aria-hidden="true" tabindex="-1">
                        <img
                            class="file-preview"
                            src=href.clone()
                            width=size.width.to_string()
                            height=size.height.to_string()
                            alt=""
                            loading="lazy"
                        />
                    </a>
                }
            });
            view! {
                <li>
                    {preview} <a href=href.clone() rel="external">{file.name}</a> " "
                    <span class="muted small">{size_words(file.size)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="files" aria-label=texts().inquiries_files_sent()>{files}</ul> }.into_any()
}
