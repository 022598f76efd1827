//! What an admin sets as a whole, page by page (PRODUCT §4.2, G12, G13, G16–G18, G25):
//! the values, their ranges, and their checks.

use super::{
    calendar::{Calendar, CalendarProblem},
    service::{Language, Localized},
    text::{self, TextProblem},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::ops::RangeInclusive;

/// The longest text of the chat settings, in characters; the consent may be longer.
pub const TEXT_MAX: usize = 1_000;
/// The longest consent text, in characters.
pub const CONSENT_MAX: usize = 8_000;
/// The longest text beside the launcher, in characters.
pub const LAUNCHER_MAX: usize = 20;

/// A field that cannot be saved as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Named as in the form: `greeting.en`, `offer_seconds`.
    pub field: String,
    pub why: Why,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Text(TextProblem),
    OutOfRange,
    Calendar(CalendarProblem),
    NotAColor,
    /// A blank within, a slash at the beginning, or a character that nobody sees.
    NotAShortcut,
}

/// A page of settings that is saved as one.
pub trait Section: Clone + PartialEq + Serialize + DeserializeOwned {
    /// Under which it is stored.
    const NAME: &'static str;

    /// Cleaned, in order, and within its ranges.
    ///
    /// # Errors
    /// Every field that is not.
    fn checked(self) -> Result<Self, Vec<Wrong>>;
}

/// Whether something is asked for before the chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    #[default]
    Off,
    Optional,
    Required,
}

/// 고객에게 보이는 이름 (A45, G6, §4.3): as whom a customer reads what agents write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// 서비스 이름: one name for all, so that nobody can tell one agent from another.
    #[default]
    Service,
    /// 상담원 닉네임: a delegation shows once the other agent writes.
    Nickname,
}

impl Naming {
    /// The name above what an agent with this nickname writes; none: the service's.
    #[must_use]
    pub fn above(self, nickname: &str) -> Option<String> {
        (self == Self::Nickname && !nickname.is_empty()).then(|| nickname.to_owned())
    }
}

/// 채팅 → 기본 설정 (A15, A16, A25, A27): texts that customers read, each per language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatTexts {
    /// 인사말
    pub greeting: Localized,
    /// 만족도 안내 메시지
    pub satisfaction: Localized,
    /// 상담원 부재중
    pub absent: Localized,
    /// 운영시간 외
    pub closed: Localized,
    pub ended: Localized,
    /// 개인정보 수집 동의; chat cannot open without one. [`RETENTION`] is filled in.
    pub consent: Localized,
    /// For how many days chats are kept, as the consent says; 1–3,650.
    #[serde(default = "retention_default")]
    pub retention_days: u16,
    /// 만족도 평가 사용
    pub rating: bool,
    /// 고객에게 보이는 이름
    #[serde(default)]
    pub naming: Naming,
    pub name: Ask,
    pub email: Ask,
    pub phone: Ask,
}

/// Three years, for which Korean law keeps a consumer's complaints.
fn retention_default() -> u16 {
    3 * 365
}

/// What stands in a text of consent for the time that data are kept.
pub const RETENTION: &str = "{보유기간}";

/// A text of consent as it is read: with the time that data are kept, in words.
#[must_use]
pub fn with_retention(consent: &str, kept: &str) -> String {
    consent.replace(RETENTION, kept)
}

impl Section for ChatTexts {
    const NAME: &'static str = "chat";

    fn checked(mut self) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        if !(1..=3_650).contains(&self.retention_days) {
            wrong.push(Wrong { field: "retention_days".to_owned(), why: Why::OutOfRange });
        }
        let texts = [
            ("greeting", &mut self.greeting, TEXT_MAX),
            ("satisfaction", &mut self.satisfaction, TEXT_MAX),
            ("absent", &mut self.absent, TEXT_MAX),
            ("closed", &mut self.closed, TEXT_MAX),
            ("ended", &mut self.ended, TEXT_MAX),
            ("consent", &mut self.consent, CONSENT_MAX),
        ];
        for (field, text, max) in texts {
            for (language, text) in [(Language::Ko, &mut text.ko), (Language::En, &mut text.en)] {
                match text::block(text, max) {
                    Ok(clean) => *text = clean,
                    Err(problem) => wrong.push(Wrong { field: format!("{field}.{}", language.code()), why: Why::Text(problem) }),
                }
            }
            // A customer must never meet an empty box: the first language has every text.
            if text.ko.is_empty() && text.en.is_empty() && wrong.iter().all(|w| !w.field.starts_with(field)) {
                wrong.push(Wrong { field: format!("{field}.ko"), why: Why::Text(TextProblem::Empty) });
            }
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

/// 헬프센터 → 구성관리 (A4, A24, A28, G31): what customers find in the help centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpCentre {
    /// 채팅: the icon at the bottom right.
    pub icon: bool,
    /// 1:1 문의; off, the door shows hours and company in its place.
    pub inquiry: bool,
    /// What is agreed to before an inquiry is sent. [`RETENTION`] is filled in.
    pub consent: Localized,
    /// 회사 정보; what is empty is not shown.
    pub company: Company,
}

/// 회사 정보 of the help centre's foot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    pub name: String,
    /// 대표자
    pub representative: String,
    /// 사업자등록번호
    pub registration: String,
    pub address: String,
    pub phone: String,
    pub email: String,
}

/// The longest line of the company details, in characters.
pub const COMPANY_LINE_MAX: usize = 200;

impl Section for HelpCentre {
    const NAME: &'static str = "help";

    fn checked(mut self) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        for (language, text) in [(Language::Ko, &mut self.consent.ko), (Language::En, &mut self.consent.en)] {
            match text::block(text, CONSENT_MAX) {
                Ok(clean) => *text = clean,
                Err(problem) => wrong.push(Wrong { field: format!("consent.{}", language.code()), why: Why::Text(problem) }),
            }
        }
        if self.consent.ko.is_empty() && self.consent.en.is_empty() {
            wrong.push(Wrong { field: "consent.ko".to_owned(), why: Why::Text(TextProblem::Empty) });
        }
        let Company { name, representative, registration, address, phone, email } = &mut self.company;
        let lines = [
            ("name", name),
            ("representative", representative),
            ("registration", registration),
            ("address", address),
            ("phone", phone),
            ("email", email),
        ];
        for (field, line) in lines {
            match text::name(line, COMPANY_LINE_MAX) {
                Ok(clean) => *line = clean,
                Err(problem) => wrong.push(Wrong { field: format!("company.{field}"), why: Why::Text(problem) }),
            }
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

/// 배정 방식 (G16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingMode {
    /// 자동 배정: offered to one agent at a time.
    #[default]
    Assigned,
    /// 선착순: all see it, the first to start has it.
    Open,
}

/// 상담원 할당 설정 (A17, G1, G12, G13, G16, G18, G25).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// 최근 상담원 우선 (A17)
    pub recent_first: bool,
    /// "Recent" is so many days, 1–365 (G18).
    pub recent_days: u16,
    pub mode: RoutingMode,
    /// An offer that nobody takes goes on after so many seconds, 10–600 (G16).
    pub offer_seconds: u16,
    /// An agent whose connection is gone: his offers go on after, 5–300 s (G12).
    pub gone_offer_seconds: u16,
    /// … his chats turn amber after, 10–600 s.
    pub gone_warn_seconds: u16,
    /// … and go back to the front of the queue after, 30–3,600 s.
    pub gone_requeue_seconds: u16,
    /// A silent customer is asked "아직 계신가요?" after, 1–240 min (G25).
    pub idle_ask_minutes: u16,
    /// … and the chat ends so long after that, 1–240 min.
    pub idle_end_minutes: u16,
    /// Ended by the customer and untouched: over after, 1–1,440 min.
    pub ended_close_minutes: u16,
    /// Waiting, but the customer's page is gone: over after, 1–240 min.
    pub away_end_minutes: u16,
    /// Nobody present any more: who waits is turned to the 1:1 inquiry after, 0–240 min (G13).
    pub absent_minutes: u16,
    /// A ticket is made at 상담 시작 (A42, G1).
    pub ticket_on_start: bool,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            recent_first: false,
            recent_days: 30,
            mode: RoutingMode::default(),
            offer_seconds: 60,
            gone_offer_seconds: 20,
            gone_warn_seconds: 60,
            gone_requeue_seconds: 180,
            idle_ask_minutes: 10,
            idle_end_minutes: 10,
            ended_close_minutes: 60,
            away_end_minutes: 10,
            absent_minutes: 5,
            ticket_on_start: true,
        }
    }
}

impl Routing {
    /// Every number with its name and its range.
    #[must_use]
    pub fn numbers(&self) -> [(&'static str, u16, RangeInclusive<u16>); 10] {
        [
            ("recent_days", self.recent_days, 1..=365),
            ("offer_seconds", self.offer_seconds, 10..=600),
            ("gone_offer_seconds", self.gone_offer_seconds, 5..=300),
            ("gone_warn_seconds", self.gone_warn_seconds, 10..=600),
            ("gone_requeue_seconds", self.gone_requeue_seconds, 30..=3_600),
            ("idle_ask_minutes", self.idle_ask_minutes, 1..=240),
            ("idle_end_minutes", self.idle_end_minutes, 1..=240),
            ("ended_close_minutes", self.ended_close_minutes, 1..=1_440),
            ("away_end_minutes", self.away_end_minutes, 1..=240),
            ("absent_minutes", self.absent_minutes, 0..=240),
        ]
    }
}

impl Section for Routing {
    const NAME: &'static str = "routing";

    fn checked(self) -> Result<Self, Vec<Wrong>> {
        let wrong: Vec<Wrong> = self
            .numbers()
            .into_iter()
            .filter(|(_, value, range)| !range.contains(value))
            .map(|(field, ..)| Wrong { field: field.to_owned(), why: Why::OutOfRange })
            .collect();
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

/// What a chat needs before its agent may end it (G30); on the page of 카테고리 관리.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// 처리유형 필수
    pub category_required: bool,
}

impl Section for Closing {
    const NAME: &'static str = "closing";

    fn checked(self) -> Result<Self, Vec<Wrong>> {
        Ok(self)
    }
}

/// 운영시간 of the chat channel, or of one queue (A12, E4). A queue without a calendar has
/// no hours of its own: the channel's count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpeningHours(pub Option<Calendar>);

#[cfg(feature = "ssr")]
impl Section for OpeningHours {
    const NAME: &'static str = "hours";

    fn checked(self) -> Result<Self, Vec<Wrong>> {
        let wrong = |why| vec![Wrong { field: "calendar".to_owned(), why }];
        let Some(mut calendar) = self.0 else { return Ok(self) };
        let exceptions = calendar.exceptions.iter_mut().map(|e| &mut e.name);
        for name in exceptions.chain(calendar.holidays.iter_mut().map(|h| &mut h.name)) {
            *name = text::name(name, super::calendar::DATE_NAME_MAX).map_err(|problem| wrong(Why::Text(problem)))?;
        }
        // The zone is the service's, and has been checked with it.
        match super::calendar::opening::Hours::new(calendar, "UTC") {
            Ok(hours) => Ok(Self(Some(hours.into_calendar()))),
            Err(problem) => Err(wrong(Why::Calendar(problem))),
        }
    }
}

/// Which side of the page the launcher is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    #[default]
    Right,
    Left,
}

/// How the widget looks on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appearance {
    pub side: Side,
    /// `#rrggbb`; text on it is kept readable whatever it is.
    pub color: String,
    /// Beside the launcher's icon; empty: the icon alone.
    pub launcher: Localized,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { side: Side::Right, color: "#0b6b5d".to_owned(), launcher: Localized::default() }
    }
}

/// 채팅화면 삽입 코드: whether the widget is on, where it may stand, and for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// 위젯 사용 (G31)
    pub active: bool,
    /// Exact origins whose pages may carry it.
    pub origins: Vec<String>,
    /// 로그인한 회원만 상담 (G20)
    #[serde(default)]
    pub identity_required: bool,
}

impl Section for Placement {
    const NAME: &'static str = "widget";

    fn checked(self) -> Result<Self, Vec<Wrong>> {
        Ok(self)
    }
}

impl Section for Appearance {
    const NAME: &'static str = "appearance";

    fn checked(mut self) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        self.color = self.color.trim().to_lowercase();
        let hex = self.color.strip_prefix('#').is_some_and(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
        if !hex {
            wrong.push(Wrong { field: "color".to_owned(), why: Why::NotAColor });
        }
        for (language, text) in [(Language::Ko, &mut self.launcher.ko), (Language::En, &mut self.launcher.en)] {
            match text::name(text, LAUNCHER_MAX) {
                Ok(clean) => *text = clean,
                Err(problem) => wrong.push(Wrong { field: format!("launcher.{}", language.code()), why: Why::Text(problem) }),
            }
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> ChatTexts {
        let some = || Localized { ko: "안녕하세요".into(), en: String::new() };
        ChatTexts {
            greeting: some(),
            satisfaction: some(),
            absent: some(),
            closed: some(),
            ended: some(),
            consent: some(),
            retention_days: 365,
            rating: true,
            naming: Naming::Service,
            name: Ask::Off,
            email: Ask::Required,
            phone: Ask::Off,
        }
    }

    fn fields(wrong: Vec<Wrong>) -> Vec<String> {
        wrong.into_iter().map(|w| w.field).collect()
    }

    #[test]
    fn an_agent_writes_under_his_nickname_where_he_has_one_and_it_is_shown() {
        assert_eq!(Naming::Nickname.above("담소"), Some("담소".to_owned()));
        assert_eq!(Naming::Nickname.above(""), None);
        assert_eq!(Naming::default().above("담소"), None, "unless somebody says so, the service speaks");
    }

    #[test]
    fn what_was_saved_before_there_was_a_choice_of_names_is_read_as_the_services() {
        let mut saved = serde_json::to_value(ChatTexts { naming: Naming::Nickname, ..texts() }).unwrap();
        saved.as_object_mut().unwrap().remove("naming");
        assert_eq!(serde_json::from_value::<ChatTexts>(saved).unwrap(), texts());
    }

    #[test]
    fn every_text_is_there_in_one_language_at_least_and_none_is_too_long() {
        assert_eq!(texts().checked(), Ok(texts()));
        let mut bad = texts();
        bad.consent = Localized { ko: " \n".into(), en: String::new() };
        bad.greeting.en = "x".repeat(TEXT_MAX + 1);
        assert_eq!(fields(bad.checked().unwrap_err()), ["greeting.en", "consent.ko"]);
        let mut hostile = texts();
        hostile.absent.ko = "<img src=x>\r\n\u{202e}부재중\u{7} ".into();
        assert_eq!(hostile.checked().unwrap().absent.ko, "<img src=x>\n부재중", "markup is text, control characters go");
    }

    #[test]
    fn numbers_have_ranges() {
        assert_eq!(Routing::default().checked(), Ok(Routing::default()));
        let bad = Routing { recent_days: 0, absent_minutes: 241, ..Routing::default() };
        assert_eq!(fields(bad.checked().unwrap_err()), ["recent_days", "absent_minutes"]);
    }

    #[test]
    fn colours_are_six_digits() {
        let with = |color: &str| Appearance { color: color.into(), ..Appearance::default() };
        assert_eq!(with(" #AABBCC ").checked().unwrap().color, "#aabbcc");
        for bad in ["", "#abc", "red", "#12345g", "#1234567", "#123456;background:url(x)"] {
            assert_eq!(fields(with(bad).checked().unwrap_err()), ["color"], "{bad}");
        }
    }
}
