//! The files of a message in the customer's window, drawn here: his module has no room for
//! it. The links are signed for him and the file, as a frame has no cookie by which they
//! could ask who he is.

use crate::{
    domain::{
        chat::{Event, Logged},
        ids::{FileId, VisitorId},
        time::{DAY, Timestamp},
    },
    protocol::PublicLogged,
    server::{keys::Purpose, state::App},
    ui::front::cards,
};
use leptos::prelude::*;

/// How long such a link is good, in milliseconds: a page that is open for longer asks again.
const LIFE: i64 = DAY;

/// The customer's view of a log entry, with its files; `None` for the desk's own.
#[must_use]
pub fn shown(app: &App, visitor: VisitorId, logged: &Logged) -> Option<PublicLogged> {
    let public = PublicLogged::of(logged)?;
    let Event::Message { files, .. } = &logged.event else { return Some(public) };
    if files.is_empty() {
        return Some(public);
    }
    let until = app.clock.now().plus(LIFE);
    let files = files.iter().map(|file| (file.clone(), link(app, visitor, file.id, until))).collect();
    let html = Owner::new_root(None).with(|| cards(files).into_view().to_html());
    Some(PublicLogged { html: Some(html), ..public })
}

fn link(app: &App, visitor: VisitorId, file: FileId, until: Timestamp) -> String {
    format!("/shown/{}", app.keys.sign(Purpose::Shown, &format!("{visitor}.{file}"), until))
}

/// For whom and which file such a link was signed, if it is ours and good.
#[must_use]
pub fn signed(app: &App, link: &str) -> Option<(VisitorId, FileId)> {
    let (visitor, file) = app.keys.signed(Purpose::Shown, link, app.clock.now())?.split_once('.')?;
    visitor.parse().ok().zip(file.parse().ok())
}
