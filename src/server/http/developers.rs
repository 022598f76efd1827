//! The pages for a shop's developers: what the widget can do, and a page to try it on.

use super::{
    auth::Sender,
    pages::{html_page, message_page},
    request, security,
};
use crate::{
    i18n::Texts,
    server::{
        db::{self, services::Widget},
        error::{Error, Result},
        secrets,
        state::App,
    },
    ui::front::{DevelopersDocument, DevelopersDocumentProps, TryDocument, TryDocumentProps},
};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, Response, StatusCode, Uri},
};
use leptos::prelude::*;

/// What the widget's JavaScript can do, for everybody.
pub async fn page(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let language = request::asked_language(&uri).unwrap_or_else(|| request::browser_language(&headers));
    let props = DevelopersDocumentProps {
        texts: Texts::of(language),
        assets: app.site.assets("app"),
        base: app.config.public_url.trim_end_matches('/').to_owned(),
    };
    let html = Owner::new_root(None).with(|| DevelopersDocument(props).to_html());
    html_page(StatusCode::OK, &html, &security::app_policy(&app.config, &secrets::new_token()))
}

/// The widget's test page. To all who do not work in its service it is not there.
pub async fn try_page(sender: Sender, Path(key): Path<String>, uri: Uri) -> Response<Body> {
    let app = sender.app.clone();
    let language = request::asked_language(&uri).unwrap_or_else(|| request::browser_language(&sender.headers));
    let texts = Texts::of(language);
    let widget = match own_widget(sender, &key).await {
        Ok(widget) => widget,
        Err(Error::NotFound | Error::Unauthenticated) => {
            return message_page(StatusCode::NOT_FOUND, language, &texts.error_page_not_found());
        }
        Err(_) => return message_page(StatusCode::SERVICE_UNAVAILABLE, language, &texts.error_unavailable()),
    };
    let nonce = secrets::new_token();
    let props = TryDocumentProps {
        texts,
        assets: app.site.assets("app"),
        nonce: nonce.clone(),
        name: widget.service.name.get(language).to_owned(),
        active: widget.active && widget.service.contract.chat,
        key: widget.key,
    };
    let html = Owner::new_root(None).with(|| TryDocument(props).to_html());
    html_page(StatusCode::OK, &html, &security::help_policy(&app.config, &nonce))
}

/// A widget of a service that the sender works in.
async fn own_widget(sender: Sender, key: &str) -> Result<Widget> {
    let me = sender.signed_in().await?;
    sender
        .app
        .db
        .look(async |tx| {
            let widget = db::services::known_widget(tx, key).await?.ok_or(Error::NotFound)?;
            let mine = db::members::memberships(tx, me.account.id).await?;
            if mine.iter().any(|member| member.service == widget.service.id) { Ok(widget) } else { Err(Error::NotFound) }
        })
        .await
}
