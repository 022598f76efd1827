//! 내 문의 in the help centre: what was left from this browser, or with an address whose
//! owner has our link.

use super::{
    auth::Sender,
    help::{document, failed, language, way_in},
};
use crate::{
    domain::service::Language,
    server::{
        actions::mine::{self, Mine},
        error::{Error, Result},
    },
    ui::front::{HelpView, Left, MyInquiries},
};
use axum::{
    Form,
    body::Body,
    extract::{Path, Query},
    http::{Response, StatusCode, Uri},
};
use serde::Deserialize;

/// By which proof the page is opened.
#[derive(Deserialize)]
pub struct Opened {
    /// Of a mailed link.
    #[serde(default)]
    of: String,
}

/// The customer's own inquiries.
pub async fn list(sender: Sender, Path(service): Path<String>, Query(opened): Query<Opened>, uri: Uri) -> Response<Body> {
    let language = language(&uri, &sender.headers);
    page(&sender, &service, &opened.of, language, Find::default()).await.unwrap_or_else(|error| failed(error, language))
}

/// An address to look for.
#[derive(Deserialize)]
pub struct FindForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    lang: String,
}

/// Mails the link to an address's inquiries.
pub async fn find(sender: Sender, Path(service): Path<String>, uri: Uri, Form(form): Form<FindForm>) -> Response<Body> {
    let language = Language::parse(&form.lang).unwrap_or_else(|| language(&uri, &sender.headers));
    let done = async {
        let find = match mine::find_by_mail(&sender.anyone(), &service, &form.email, language).await {
            Ok(()) => Find { sent: true, ..Find::default() },
            Err(error @ Error::Invalid(_)) => Find { email: form.email, error: Some(error), sent: false },
            Err(error) => return Err(error),
        };
        page(&sender, &service, "", language, find).await
    };
    done.await.unwrap_or_else(|error| failed(error, language))
}

/// What came of looking by mail.
#[derive(Default)]
struct Find {
    email: String,
    error: Option<Error>,
    sent: bool,
}

async fn page(sender: &Sender, service: &str, of: &str, language: Language, find: Find) -> Result<Response<Body>> {
    let app = &sender.app;
    let (widget, doorway) = way_in(app, service).await?;
    let found = match (of, sender.visitor(&widget.key).await) {
        ("", Ok(visitor)) => mine::of_visitor(&visitor).await?,
        ("", Err(_)) => Vec::new(),
        (link, _) => mine::of_mailbox(app, service, link).await?,
    };
    let href = |token: &str| format!("/help/{service}/inquiries/{token}?lang={}", language.code());
    let left = |Mine { inquiry, token }: Mine| Left {
        number: inquiry.number,
        answered: inquiry.answered,
        href: href(&token),
        email: !inquiry.contact.email.is_empty(),
    };
    let status = if find.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mine = MyInquiries {
        rows: found.into_iter().map(left).collect(),
        by_mail: !of.is_empty(),
        action: format!("/help/{service}/inquiries"),
        mail: app.config.smtp.is_some(),
        email: find.email,
        problem: find.error.and_then(|error| crate::api::ApiError::from(error).problem_of("email")),
        sent: find.sent,
    };
    Ok(document(app, &widget, &doorway, language, HelpView::Mine(mine), status))
}
