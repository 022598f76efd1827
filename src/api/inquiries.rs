//! 1:1 문의 at the desk (A28).

use super::ApiError;
use crate::domain::{
    attachment::Attachment,
    contact::Contact,
    ids::{ClientId, InquiryId},
    time::Timestamp,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// An inquiry in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryRow {
    pub id: InquiryId,
    pub number: u64,
    pub contact: Contact,
    /// The beginning of the first message.
    pub subject: String,
    pub answered: bool,
    /// Made of a chat that nobody was left to answer (G13).
    pub from_chat: bool,
    pub created_at: Timestamp,
}

/// A message of an inquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryMessage {
    pub at: Timestamp,
    /// Who answered; none: the customer wrote it.
    pub by: Option<String>,
    pub text: String,
    pub files: Vec<Attachment>,
}

/// An inquiry with all that was written in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryDetail {
    pub row: InquiryRow,
    pub messages: Vec<InquiryMessage>,
}

/// The service's inquiries, those that wait for an answer first.
#[server(prefix = "/api", endpoint = "inquiries", input = server_fn::codec::Json)]
pub async fn load_inquiries() -> Result<Vec<InquiryRow>, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::inquiries::list(&ctx).await?)
}

/// An inquiry with all that was written in it.
#[server(prefix = "/api", endpoint = "inquiries/open", input = server_fn::codec::Json)]
pub async fn load_inquiry(inquiry: InquiryId) -> Result<InquiryDetail, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::inquiries::open(&ctx, inquiry).await?)
}

/// Answers an inquiry, once per client id. An answer with files is posted to
/// `/inquiries/ID/answer` as a form.
#[server(prefix = "/api", endpoint = "inquiries/answer", input = server_fn::codec::Json)]
pub async fn answer_inquiry(inquiry: InquiryId, client_id: ClientId, text: String) -> Result<InquiryDetail, ApiError> {
    let ctx = crate::server::http::auth::agent().await?;
    Ok(crate::server::actions::inquiries::answer(&ctx, inquiry, client_id, &text, &Default::default()).await?)
}
