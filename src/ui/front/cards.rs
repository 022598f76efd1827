//! The files of a message in the customer's window: pictures as pictures, others with name
//! and size. Words are not needed, so one drawing serves every language.

use crate::domain::attachment::{Attachment, Picture, size_words};
use leptos::prelude::*;

/// The longest side of a preview, in pixels.
const SIDE: u32 = 220;

/// Each file with its address.
pub fn cards(files: Vec<(Attachment, String)>) -> impl IntoView {
    files
        .into_iter()
        .map(|(file, href)| {
            let size = size_words(file.size);
            let body = match file.picture {
                Some(picture) => {
                    let (width, height) = within(picture, SIDE);
                    let (src, alt) = (href.clone(), file.name.clone());
                    view! { <img src=src alt=alt width=width height=height loading="lazy"/> }.into_any()
                }
                None => view! { <span class="file-name">{file.name.clone()}</span> <span class="file-size">{size}</span> }.into_any(),
            };
            let class = if file.picture.is_some() { "file picture" } else { "file" };
            view! { <a class=class href=href target="_blank" rel="noopener">{body}</a> }
        })
        .collect_view()
}

/// A picture made smaller, never larger.
fn within(picture: Picture, side: u32) -> (u32, u32) {
    let longest = picture.width.max(picture.height);
    if longest <= side {
        return (picture.width, picture.height);
    }
    let fit = |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(longest)).unwrap_or(side).max(1);
    (fit(picture.width), fit(picture.height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::FileId;
    use uuid::Uuid;

    #[test]
    fn pictures_keep_their_shape() {
        for (width, height, shown) in [(40, 20, (40, 20)), (4_000, 2_000, (220, 110)), (20_000, 3, (220, 1))] {
            assert_eq!(within(Picture { width, height }, SIDE), shown);
        }
    }

    #[test]
    fn names_are_text() {
        let file = |picture| Attachment {
            id: FileId(Uuid::nil()),
            name: "<b>\"'&.pdf".into(),
            media: "application/pdf".into(),
            size: 30,
            picture,
        };
        let html = Owner::new_root(None).with(|| {
            let files = vec![(file(None), "/w/k/files/1".into()), (file(Some(Picture { width: 1, height: 1 })), "/2\"><script>".into())];
            cards(files).into_view().to_html()
        });
        assert!(html.contains("&lt;b&gt;") && html.contains("30 B") && !html.contains("<b>") && !html.contains("<script>"), "{html}");
    }
}
