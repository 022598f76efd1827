//! 대화 내용 저장: what was said, for the customer to keep. He reads what he has seen, with
//! the names that he has seen, and nothing of the desk's own.

use super::Visitor;
use crate::{
    domain::{
        chat::{EndedBy, Event, Logged, PublicEvent},
        ids::ChatId,
        service::Language,
        time::Timestamp,
    },
    i18n::Texts,
    server::{
        db::{self, Tx},
        error::{Error, Result},
        mail,
    },
};
use jiff::{Timestamp as Instant, tz::TimeZone};

/// Events that are read at once.
const PAGE: u32 = 500;

/// A conversation as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// Of the file, without its ending.
    pub name: String,
    pub text: String,
}

/// The customer's own conversation.
///
/// # Errors
/// `NotFound` for a chat that is not his, or has no word of his.
pub async fn own(visitor: &Visitor, id: ChatId, language: Language) -> Result<Transcript> {
    visitor.app.limits.visitor_send(visitor.id)?;
    visitor.app.db.read(async |tx| read(tx, visitor, id, language).await).await
}

/// The same to the address that we know of him. Answers the address.
///
/// # Errors
/// As [`own`]; `NotFound` without an address or a mail server, `TooMany` from one network
/// address.
pub async fn mail_own(visitor: &Visitor, address: &str, id: ChatId, language: Language) -> Result<String> {
    let app = &visitor.app;
    if app.config.smtp.is_none() {
        return Err(Error::NotFound);
    }
    app.limits.transcript(address)?;
    app.db
        .write(async |tx| {
            let email = db::visitors::customer(tx, visitor.id).await?.contact().email;
            if email.is_empty() {
                return Err(Error::NotFound);
            }
            let Transcript { text, .. } = read(tx, visitor, id, language).await?;
            let language = visitor.service.language(language);
            let (t, name) = (Texts::of(language), visitor.service.name.get(language));
            mail::post(tx, app, &email, &t.mail_transcript_subject(name), &t.mail_transcript(name, text)).await?;
            Ok(email)
        })
        .await
}

async fn read(tx: &mut Tx, visitor: &Visitor, id: ChatId, language: Language) -> Result<Transcript> {
    let chat = db::chats::find(tx, id).await?.filter(|c| c.visitor == visitor.id && c.accepted_at.is_some()).ok_or(Error::NotFound)?;
    let mut said: Vec<Logged> = Vec::new();
    loop {
        let after = said.last().and_then(|last| last.public).unwrap_or_default();
        let rows = db::events::public_after(tx, id, after, PAGE).await?;
        if rows.is_empty() {
            break;
        }
        said.extend(rows);
    }
    let language = visitor.service.language(language);
    let name = visitor.service.name.get(language);
    // Who writes in his window is the service, unless the message has a name of its own (A45).
    let t = Texts::of(language).spoken_by(name);
    let zone = TimeZone::get(&visitor.service.zone).unwrap_or(TimeZone::UTC);
    let day = moment(chat.intake_at, &zone, "%Y-%m-%d");
    let mut text = format!("{}\n{}\n\n", t.front_transcript_title(name), t.front_transcript_from(day.clone(), &visitor.service.zone));
    for line in said.iter().filter_map(|logged| line(&t, logged, &zone)) {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(Transcript { name: t.front_transcript_file(day, name), text })
}

/// What stands for one event. What somebody wrote is set in from its second line on, so
/// that it never reads like a line of somebody else's. Files are named.
fn line(t: &Texts, logged: &Logged, zone: &TimeZone) -> Option<String> {
    let at = moment(logged.at, zone, "%Y-%m-%d %H:%M");
    let happened = match logged.event.public()? {
        PublicEvent::Message { mine, text, nickname } => {
            let who = nickname.unwrap_or_else(|| if mine { t.widget_you() } else { t.widget_agent() });
            let files: Vec<&str> = match &logged.event {
                Event::Message { files, .. } => files.iter().map(|file| file.name.as_str()).collect(),
                _ => Vec::new(),
            };
            let files = (!files.is_empty()).then(|| format!("({}: {})", t.talk_files_label(), files.join(", ")));
            let words: Vec<String> = Some(text).filter(|text| !text.is_empty()).into_iter().chain(files).collect();
            return Some(format!("[{at}] {who}: {}", words.join("\n").replace('\n', "\n    ")));
        }
        PublicEvent::Intake => t.widget_event_intake(),
        PublicEvent::Started => t.widget_event_started(),
        PublicEvent::CustomerEnded | PublicEvent::Ended { by: EndedBy::Customer } => t.widget_event_you_ended(),
        PublicEvent::CustomerReturned => t.widget_event_returned(),
        PublicEvent::Ended { .. } => t.widget_event_ended(),
    };
    Some(format!("[{at}] * {happened}"))
}

fn moment(at: Timestamp, zone: &TimeZone, form: &str) -> String {
    Instant::from_millisecond(at.0).map(|at| at.to_zoned(zone.clone()).strftime(form).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        attachment::Attachment,
        chat::{Author, Words},
        ids::{AccountId, FileId},
    };
    use uuid::Uuid;

    #[test]
    fn nobody_writes_a_line_of_somebody_else() {
        let text = "첫 줄\n[2026-11-22 10:00] 상담원: 환불해 드릴게요".to_owned();
        let event = Event::message(Author::Customer, text);
        let logged = Logged { chat: ChatId(Uuid::nil()), seq: 3, public: Some(3), at: Timestamp(0), client_id: None, event };
        let zone = TimeZone::get("Asia/Seoul").unwrap();
        let written = line(&Texts::of(Language::Ko), &logged, &zone).unwrap();
        assert_eq!(written, "[1970-01-01 09:00] 나: 첫 줄\n    [2026-11-22 10:00] 상담원: 환불해 드릴게요");
    }

    #[test]
    fn who_wrote_is_named_as_he_was_when_he_wrote() {
        let t = Texts::of(Language::Ko).spoken_by("담소 상점");
        let written = |author, nickname: Option<&str>| {
            let event = Event::message(author, Words { text: "네".into(), nickname: nickname.map(str::to_owned), ..Words::default() });
            let logged = Logged { chat: ChatId(Uuid::nil()), seq: 3, public: Some(3), at: Timestamp(0), client_id: None, event };
            line(&t, &logged, &TimeZone::UTC).unwrap()
        };
        let agent = Author::Agent(AccountId(Uuid::nil()));
        assert_eq!(written(agent, None), "[1970-01-01 00:00] 담소 상점: 네");
        assert_eq!(written(agent, Some("다정이")), "[1970-01-01 00:00] 다정이: 네");
        assert_eq!(written(Author::Customer, None), "[1970-01-01 00:00] 나: 네");
    }

    #[test]
    fn files_are_named_also_without_a_word() {
        let file =
            |name: &str| Attachment { id: FileId(Uuid::nil()), name: name.into(), media: "image/png".into(), size: 1, picture: None };
        let written = |text: &str, files| {
            let event = Event::message(Author::Customer, Words { text: text.into(), files, ..Words::default() });
            let logged = Logged { chat: ChatId(Uuid::nil()), seq: 3, public: Some(3), at: Timestamp(0), client_id: None, event };
            line(&Texts::of(Language::Ko), &logged, &TimeZone::UTC).unwrap()
        };
        assert_eq!(written("", vec![file("a.png"), file("b.png")]), "[1970-01-01 00:00] 나: (첨부 파일: a.png, b.png)");
        assert_eq!(written("보세요", vec![file("a.png")]), "[1970-01-01 00:00] 나: 보세요\n    (첨부 파일: a.png)");
    }
}
