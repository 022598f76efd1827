//! What customers send from the door: the start of a chat, and what becomes of a wait.
//! Forms work alike with script and without it.

use super::{
    super::{
        auth::{self, Sender},
        pages::{fragment, see_other, with_cookie},
        request,
        widget::{self, Drawn},
    },
    Drawing, Typed, known, language, refused, way_in,
};
use crate::{
    domain::{contact::Contact, ids::QueueId, service::Language},
    protocol::Page,
    server::{
        actions::{
            Visitor, absence,
            door::{self, Start},
            mine, visitors,
        },
        error::{Error, Result},
    },
    ui::front::View,
};
use axum::{
    Form, Json,
    body::Body,
    extract::Path,
    http::{Response, StatusCode},
    response::IntoResponse as _,
};
use serde::Deserialize;
/// 동의하고 상담 시작 as a form sends it.
#[derive(Deserialize)]
pub struct StartForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    queue: Option<QueueId>,
    #[serde(default)]
    consent: String,
    #[serde(flatten)]
    contact: Contact,
    /// Of the host page, where a script sends it.
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
}

/// Starts a chat. A script is told the chat, a form is led to its page; where it did not
/// work, both get the door again, with what was wrong.
pub async fn start(sender: Sender, Path(key): Path<String>, Form(form): Form<StartForm>) -> Response<Body> {
    let by = match Poster::of(sender, &key, &form.lang).await {
        Ok(by) => by,
        Err(error) => return refused(error),
    };
    let start = Start {
        queue: form.queue,
        consent: form.consent,
        contact: form.contact.clone(),
        language: by.language,
        page: Page { url: form.url, title: form.title },
    };
    let answer = match door::start(&by.visitor, &by.address, start).await {
        Ok(sent) if by.script => Json(sent).into_response(),
        Ok(_) => see_other(&format!("/w/{key}?lang={}", by.language.code())),
        Err(error) => {
            let typed = Typed { contact: form.contact, queue: form.queue, error: Some(error.into()), ..Typed::default() };
            again(&by, &key, View::Door, typed).await
        }
    };
    with_cookie(answer, by.cookie)
}

/// 1:1 문의 in the place of waiting, as a form asks for it (G13).
#[derive(Deserialize)]
pub struct TurnForm {
    #[serde(default)]
    lang: String,
}

/// Turns the waiting chat into an inquiry. The chat's end shows by itself.
pub async fn turn(sender: Sender, Path(key): Path<String>, Form(form): Form<TurnForm>) -> Response<Body> {
    let typed = Typed::default();
    act(sender, &key, &form.lang, typed, async |visitor| match absence::turn_own(visitor).await {
        // An agent was faster, or it is one already: the page shows what is so.
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

/// Where the answer to an inquiry shall go.
#[derive(Deserialize)]
pub struct ReachForm {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    email: String,
}

/// Notes where the answer to the visitor's newest inquiry shall go.
pub async fn reach(sender: Sender, Path(key): Path<String>, Form(form): Form<ReachForm>) -> Response<Body> {
    let typed = Typed { contact: Contact { email: form.email.clone(), ..Contact::default() }, ..Typed::default() };
    act(sender, &key, &form.lang, typed, async |visitor| mine::reach(visitor, &form.email).await).await
}

/// Does something for a visitor who is known already, and draws the door anew.
async fn act(sender: Sender, key: &str, lang: &str, typed: Typed, act: impl AsyncFnOnce(&Visitor) -> Result<()>) -> Response<Body> {
    let by = match Poster::of(sender, key, lang).await {
        Ok(by) => by,
        Err(error) => return refused(error),
    };
    let answer = match act(&by.visitor).await {
        Ok(()) if by.script => again(&by, key, View::Door, Typed::default()).await,
        Ok(()) => see_other(&format!("/w/{key}?lang={}", by.language.code())),
        Err(error) => again(&by, key, View::Door, Typed { error: Some(error.into()), ..typed }).await,
    };
    with_cookie(answer, by.cookie)
}

/// Who posts a form, and how he wants his answer.
pub struct Poster {
    pub visitor: Visitor,
    /// Of a visitor who was made just now.
    pub cookie: Option<String>,
    pub address: String,
    pub language: Language,
    /// A script has sent the form and stays on its page.
    pub script: bool,
}

impl Poster {
    /// The one behind a form whose page was read in `lang`.
    pub async fn of(sender: Sender, key: &str, lang: &str) -> Result<Self> {
        let (visitor, cookie) = of_form(&sender, key).await?;
        Ok(Self::new(&sender, visitor, cookie, lang))
    }

    /// The same of somebody who has been here before.
    ///
    /// # Errors
    /// As [`Sender::visitor`].
    pub async fn known(sender: Sender, key: &str, lang: &str) -> Result<Self> {
        let visitor = sender.visitor(key).await?;
        Ok(Self::new(&sender, visitor, None, lang))
    }

    fn new(sender: &Sender, visitor: Visitor, cookie: Option<String>, lang: &str) -> Self {
        Self {
            visitor,
            cookie,
            address: sender.anyone().address,
            language: language(lang, &sender.headers),
            script: request::by_script(&sender.headers),
        }
    }
}

/// The door again after a form, with what came of it.
pub async fn again(by: &Poster, key: &str, view: View, typed: Typed) -> Response<Body> {
    let (app, language) = (&by.visitor.app, by.language);
    let status = if typed.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let drawn = async {
        let (widget, doorway) = way_in(app, key).await?;
        let known = known(Some(&by.visitor), &by.address).await?;
        let html = Drawing { app, doorway: &doorway, widget: &widget, base: format!("/w/{key}"), language, view, known, typed }.html();
        Ok((widget, doorway.banner.clone(), html))
    };
    match drawn.await {
        Ok((_, _, html)) if by.script => fragment(status, html),
        Ok((widget, banner, front)) => {
            widget::document(app, &widget, language, None, None, Drawn { banner, front, tray: String::new() }, status)
        }
        Err(error) => refused(error),
    }
}

/// The visitor behind a form; one whom nobody knows yet is made, and told by a cookie. Who
/// brings a token that is over is no stranger: he must not go on as one.
pub async fn of_form(sender: &Sender, key: &str) -> Result<(Visitor, Option<String>)> {
    match sender.visitor(key).await {
        Ok(visitor) => Ok((visitor, None)),
        Err(Error::Unauthenticated) if request::bearer(&sender.headers).is_none() => {
            let token = visitors::register(&sender.anyone(), key).await?.token;
            let visitor = auth::visitor_by_token(&sender.app, key, Some(&token)).await?;
            Ok((visitor, Some(auth::visitor_cookie(key, &token))))
        }
        Err(error) => Err(error),
    }
}
