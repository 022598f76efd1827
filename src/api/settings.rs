//! The pages of 서비스 관리 that are saved as one: loaded with their version, saved over it.

use super::ApiError;
use crate::domain::{
    availability::Door,
    calendar::{Calendar, Opening},
    ids::{IdentityKeyId, QueueId},
    service::{Localized, Queue},
    settings::{Appearance, ChatTexts, Closing, HelpCentre, OpeningHours, Placement, Routing},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A page of settings as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    /// Counts the saves; 0: these are the defaults.
    pub version: u64,
    pub value: T,
    /// Who saved it last, and when.
    pub changed: Option<(String, Timestamp)>,
}

impl<T> Versioned<T> {
    /// The same page with another form of its value.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Versioned<U> {
        Versioned { version: self.version, value: f(self.value), changed: self.changed }
    }
}

/// How a save went; either way with the page as it is stored now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "saved", content = "page", rename_all = "snake_case")]
pub enum Saved<P> {
    Done(P),
    /// Somebody else saved first. Nothing was changed.
    Stale(P),
}

/// The hours page: the channel's or one queue's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursPage {
    /// None: the queue has no hours of its own, the channel's count.
    pub hours: Versioned<OpeningHours>,
    /// The channel's, which count where a queue has none of its own.
    pub channel: Calendar,
    pub queues: Vec<Queue>,
    /// IANA zone of the service.
    pub zone: String,
    /// What these hours mean now, the stop aside.
    pub now: Opening,
    /// 지금부터 접수 중지: since when.
    pub stopped: Option<Timestamp>,
}

/// What customers read, and whose name stands above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatPage {
    pub texts: Versioned<ChatTexts>,
    /// What a service begins with.
    pub defaults: ChatTexts,
    pub service: Localized,
}

/// 헬프센터 → 구성관리
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpPage {
    pub help: Versioned<HelpCentre>,
    /// Of the service, in the help centre's address.
    pub key: String,
}

/// 준비 상태: what stands between the service and its first chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// How the widget's door is now.
    pub door: Door,
    pub checks: Vec<Check>,
    /// The channel's hours.
    pub calendar: Calendar,
    /// IANA zone of the service.
    pub zone: String,
    /// On which site the widget was last seen, and when.
    pub seen: Option<(String, Timestamp)>,
}

/// One step of setting up, and whether it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub step: Step,
    pub done: bool,
    /// How many there are, where that says more.
    pub count: u64,
}

/// The steps, in the order in which one takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The contract has 채팅 (A1).
    Contract,
    /// Agents with the chat right (A6).
    Agents,
    /// Of them, those with 채팅 할당 on (A7).
    Allocation,
    /// Active queues with such an agent in them (A10, A11).
    Queues,
    /// 운영시간; without any, it is always open (G26).
    Hours,
    /// 개인정보 수집 동의 (A25)
    Consent,
    /// 위젯 사용 (G31)
    Widget,
    /// The snippet was seen on a page.
    Snippet,
    /// Somebody is 온라인 now (A23).
    Online,
}

/// The snippet page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WidgetPage {
    pub key: String,
    pub place: Versioned<Placement>,
    pub appearance: Versioned<Appearance>,
    pub identity_keys: Vec<IdentityKey>,
}

/// A key with which the shop signs who its members are; its secret is never told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityKey {
    pub id: IdentityKeyId,
    pub made_at: Timestamp,
    pub made_by: String,
    /// None: no token was signed with it yet.
    pub used_at: Option<Timestamp>,
}

/// A key that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeKey {
    /// Told this once.
    pub secret: String,
    pub keys: Vec<IdentityKey>,
}

/// 채팅 → 기본 설정
#[server(prefix = "/api", endpoint = "settings/chat", input = server_fn::codec::Json)]
pub async fn load_chat_texts() -> Result<ChatPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::chat_page(&ctx).await?)
}

/// Saves 채팅 → 기본 설정 over a version.
#[server(prefix = "/api", endpoint = "settings/chat/save", input = server_fn::codec::Json)]
pub async fn save_chat_texts(over: u64, value: ChatTexts) -> Result<Saved<Versioned<ChatTexts>>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::save_chat_texts(&ctx, over, value).await?)
}

/// 상담원 할당 설정
#[server(prefix = "/api", endpoint = "settings/routing", input = server_fn::codec::Json)]
pub async fn load_routing() -> Result<Versioned<Routing>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::routing(&ctx).await?)
}

/// Saves 처리유형 필수 over a version.
#[server(prefix = "/api", endpoint = "settings/closing/save", input = server_fn::codec::Json)]
pub async fn save_closing(over: u64, value: Closing) -> Result<Saved<Versioned<Closing>>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::save_closing(&ctx, over, value).await?)
}

/// Saves 상담원 할당 설정 over a version.
#[server(prefix = "/api", endpoint = "settings/routing/save", input = server_fn::codec::Json)]
pub async fn save_routing(over: u64, value: Routing) -> Result<Saved<Versioned<Routing>>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::save_routing(&ctx, over, value).await?)
}

/// 운영시간 of the channel (no queue), or of a queue.
#[server(prefix = "/api", endpoint = "settings/hours", input = server_fn::codec::Json)]
pub async fn load_hours(queue: Option<QueueId>) -> Result<HoursPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::hours(&ctx, queue).await?)
}

/// Saves 운영시간 over a version; without a calendar a queue's own hours go.
#[server(prefix = "/api", endpoint = "settings/hours/save", input = server_fn::codec::Json)]
pub async fn save_hours(queue: Option<QueueId>, over: u64, value: OpeningHours) -> Result<Saved<HoursPage>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::save_hours(&ctx, queue, over, value).await?)
}

/// 지금부터 접수 중지, or taking it back.
#[server(prefix = "/api", endpoint = "settings/hours/stop", input = server_fn::codec::Json)]
pub async fn stop_intake(stopped: bool) -> Result<HoursPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::stop_intake(&ctx, stopped).await?)
}

/// What `calendar`, saved or not, means in the service's zone at `YYYY-MM-DDTHH:MM` (E4).
#[server(prefix = "/api", endpoint = "settings/hours/at", input = server_fn::codec::Json)]
pub async fn hours_at(calendar: Calendar, local: String) -> Result<Opening, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::hours_at(&ctx, calendar, &local).await?)
}

/// 채팅화면 삽입 코드
#[server(prefix = "/api", endpoint = "settings/widget", input = server_fn::codec::Json)]
pub async fn load_widget() -> Result<WidgetPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::widget::load(&ctx).await?)
}

/// Turns the widget on or off, and says where it may stand and for whom, over a version.
#[server(prefix = "/api", endpoint = "settings/widget/save", input = server_fn::codec::Json)]
pub async fn save_widget(over: u64, value: Placement) -> Result<Saved<WidgetPage>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::widget::save_placement(&ctx, over, value).await?)
}

/// Makes a key for the shop's signatures; its secret is in this answer and in no other.
#[server(prefix = "/api", endpoint = "settings/identity/make", input = server_fn::codec::Json)]
pub async fn make_identity_key() -> Result<MadeKey, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::identity::make_key(&ctx).await?)
}

/// Deletes a key; what is signed with it is taken no more.
#[server(prefix = "/api", endpoint = "settings/identity/delete", input = server_fn::codec::Json)]
pub async fn delete_identity_key(key: IdentityKeyId) -> Result<Vec<IdentityKey>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::identity::delete_key(&ctx, key).await?)
}

/// Saves how the widget looks over a version.
#[server(prefix = "/api", endpoint = "settings/appearance/save", input = server_fn::codec::Json)]
pub async fn save_appearance(over: u64, value: Appearance) -> Result<Saved<WidgetPage>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::widget::save_appearance(&ctx, over, value).await?)
}

/// 헬프센터 → 구성관리
#[server(prefix = "/api", endpoint = "settings/help", input = server_fn::codec::Json)]
pub async fn load_help() -> Result<HelpPage, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::help(&ctx).await?)
}

/// Saves 헬프센터 → 구성관리 over a version.
#[server(prefix = "/api", endpoint = "settings/help/save", input = server_fn::codec::Json)]
pub async fn save_help(over: u64, value: HelpCentre) -> Result<Saved<HelpPage>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::settings::save_help(&ctx, over, value).await?)
}

/// 준비 상태
#[server(prefix = "/api", endpoint = "settings/readiness", input = server_fn::codec::Json)]
pub async fn load_readiness() -> Result<Readiness, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::readiness::load(&ctx).await?)
}
