//! Tokens and passwords. A token leaves the server once and is stored as its hash only.

use super::error::{Error, Result};
use crate::api::Problem;
use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// A fresh secret of 256 bits, in base64url.
#[must_use]
pub fn new_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a token. A plain hash is enough: the token is random, not chosen.
#[must_use]
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Names a text: 96 bits of its hash, in hex.
#[must_use]
pub fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// The shortest password, in characters.
pub const PASSWORD_MIN: usize = 10;
/// The longest password, in bytes: hashing time grows with it.
pub const PASSWORD_MAX: usize = 200;

/// Whether a password may be chosen.
///
/// # Errors
/// The [`Problem`] to show beside the field.
pub fn check_password(password: &str, email: &str) -> Result<(), Problem> {
    let lower = password.to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if password.len() > PASSWORD_MAX {
        Err(Problem::TooLong)
    } else if password.chars().count() < PASSWORD_MIN {
        Err(Problem::PasswordTooShort)
    } else if distinct.len() < 5
        || COMMON.iter().any(|c| lower.contains(c) && lower.len() < c.len() + 4)
        || (local.len() >= 4 && lower.contains(local))
    {
        Err(Problem::PasswordTooWeak)
    } else {
        Ok(())
    }
}

/// The stems of what is tried first everywhere, long enough to pass the length.
const COMMON: [&str; 12] = [
    "password",
    "1234567",
    "qwertyui",
    "asdfghjk",
    "iloveyou",
    "administrator",
    "letmein",
    "welcome",
    "q1w2e3r4",
    "1q2w3e4r",
    "qwer1234",
    "damso-demo",
];

/// At most two at once: each takes 19 MiB and tens of milliseconds of a core.
static HASHING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// Hashes a password with argon2id.
///
/// # Errors
/// [`Error::Internal`] when the hasher fails.
pub async fn hash_password(password: String) -> Result<String> {
    in_background(move || {
        let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether `password` is the one behind `hash`. With no hash (an unknown account) it
/// takes the same time and answers no.
///
/// # Errors
/// [`Error::Internal`] when the task dies.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool> {
    in_background(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&hash).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

/// A hash that nobody knows the password of.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| Argon2::default().hash_password(new_token().as_bytes()).map(|h| h.to_string()).unwrap_or_default());

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _place = HASHING.acquire().await.map_err(anyhow::Error::from)?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(e.into()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_and_long_sentences_are_not() {
        assert_eq!(check_password("short", "a@b.example"), Err(Problem::PasswordTooShort));
        assert_eq!(check_password("password12", "a@b.example"), Err(Problem::PasswordTooWeak));
        assert_eq!(check_password("aaaaaaaaaaaa", "a@b.example"), Err(Problem::PasswordTooWeak));
        assert_eq!(check_password("minsu-kim-2026", "minsu-kim@b.example"), Err(Problem::PasswordTooWeak));
        assert_eq!(check_password("담소에서 만나는 우리들", "a@b.example"), Ok(()));
        assert_eq!(check_password(&"x1y2z".repeat(60), "a@b.example"), Err(Problem::TooLong));
    }

    #[tokio::test]
    async fn a_hash_verifies_its_own_password_only() {
        let hash = hash_password("correct horse battery".into()).await.unwrap();
        assert!(verify_password("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify_password("wrong".into(), Some(hash)).await.unwrap());
        assert!(!verify_password("anything".into(), None).await.unwrap());
    }
}
