//! The server's own key, kept outside of the database: it signs links that expire, and
//! seals secrets that must be read again (SECURITY §7).

use super::config::Config;
use crate::domain::time::Timestamp;
use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{aead, hkdf, hmac};
use std::{io::Write as _, path::Path};

/// Length of the key, in bytes.
pub const KEY_LEN: usize = 32;
/// The file in the data folder that keeps the key where the configuration names none.
pub const KEY_FILE: &str = "secret.key";

/// For what something is signed or sealed: nothing made for one purpose serves another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Tells a database that was used with another key.
    Check,
    /// Opens one inquiry of a customer whom we know.
    Inquiry,
    /// Opens all inquiries of an e-mail address.
    Mailbox,
    /// Seals the keys with which shops sign who their members are.
    Identity,
    /// Lets somebody read one file for a while.
    File,
    /// Leads one customer to one file of his chat.
    Shown,
}

impl Purpose {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Check => b"check",
            Self::Inquiry => b"inquiry",
            Self::Mailbox => b"mailbox",
            Self::Identity => b"identity",
            Self::File => b"file",
            Self::Shown => b"shown",
        }
    }
}

/// The key in force.
pub struct Keys(hkdf::Prk);

impl Keys {
    /// The key of the configuration, or of the data folder's file, which is made when it is
    /// not there.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds no key.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let key = match &config.secret_key {
            Some(key) => parse(key).context("SECRET_KEY")?,
            None => of_file(&config.data.join(KEY_FILE))?,
        };
        Ok(Self::new(&key))
    }

    fn new(key: &[u8]) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, b"damso").extract(key))
    }

    fn derived<A: hkdf::KeyType>(&self, purpose: Purpose, use_: &'static [u8], algorithm: A) -> [u8; KEY_LEN] {
        let mut key = [0; KEY_LEN];
        // Fails for lengths beyond 255 × 32 bytes only.
        let filled = self.0.expand(&[purpose.name(), b"/", use_], algorithm).and_then(|okm| okm.fill(&mut key));
        debug_assert!(filled.is_ok());
        key
    }

    fn hmac(&self, purpose: Purpose) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.derived(purpose, b"sign", hkdf::HKDF_SHA256))
    }

    /// `text` with an end and a signature, for a link: `TEXT.MILLISECONDS.SIGNATURE`.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, text: &str, until: Timestamp) -> String {
        let signed = format!("{text}.{}", until.0);
        let tag = hmac::sign(&self.hmac(purpose), signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// The text of [`Keys::sign`], if it is ours and has not ended. Takes the same time
    /// wherever a forged signature differs.
    #[must_use]
    pub fn signed<'a>(&self, purpose: Purpose, link: &'a str, now: Timestamp) -> Option<&'a str> {
        let (signed, tag) = link.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        hmac::verify(&self.hmac(purpose), signed.as_bytes(), &tag).ok()?;
        let (text, until) = signed.rsplit_once('.')?;
        (until.parse::<i64>().ok()? > now.0).then_some(text)
    }

    fn aead(&self, purpose: Purpose) -> Option<aead::LessSafeKey> {
        let key = self.derived(purpose, b"seal", hkdf::HKDF_SHA256);
        aead::UnboundKey::new(&aead::AES_256_GCM, &key).ok().map(aead::LessSafeKey::new)
    }

    /// Encrypts what the database keeps; `about` names the row and is not secret.
    ///
    /// # Errors
    /// When the cipher fails.
    pub fn seal(&self, purpose: Purpose, about: &[u8], plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; aead::NONCE_LEN] = rand::random();
        let mut text = plain.to_vec();
        self.aead(purpose)
            .and_then(|key| key.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::from(about), &mut text).ok())
            .context("sealing failed")?;
        Ok([&nonce[..], &text].concat())
    }

    /// What [`Keys::seal`] made, for the same purpose and row.
    ///
    /// # Errors
    /// For anything else, and under another key.
    pub fn unseal(&self, purpose: Purpose, about: &[u8], sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(aead::NONCE_LEN).context("too short to be sealed")?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow::anyhow!("no nonce"))?;
        let mut text = text.to_vec();
        let plain = self.aead(purpose).and_then(|key| key.open_in_place(nonce, aead::Aad::from(about), &mut text).ok().map(|p| p.len()));
        text.truncate(plain.context("not sealed by this key")?);
        Ok(text)
    }
}

/// 32 bytes in base64url or hex.
fn parse(text: &str) -> anyhow::Result<Vec<u8>> {
    let text = text.trim();
    let hex = || {
        (text.len() == 2 * KEY_LEN && text.is_ascii())
            .then(|| (0..KEY_LEN).map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16)).collect::<Result<Vec<u8>, _>>().ok())
            .flatten()
    };
    hex()
        .or_else(|| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok())
        .filter(|key| key.len() == KEY_LEN)
        .context("must be 32 random bytes in hex or base64url")
}

fn of_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let read = || std::fs::read_to_string(path);
    match read() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            make(path).with_context(|| format!("cannot write the key file {}", path.display()))?;
            Ok(read()?)
        }
        other => Ok(other?),
    }
    .and_then(|text| parse(&text))
    .with_context(|| format!("the key file {}", path.display()))
}

/// Makes the file whole or not at all; a file that somebody else made first stays.
fn make(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = path.with_extension(format!("part-{}", std::process::id()));
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    file.write_all(super::secrets::new_token().as_bytes())?;
    file.sync_all()?;
    let made = std::fs::hard_link(&part, path);
    std::fs::remove_file(&part)?;
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_until_its_end_and_for_its_purpose() {
        let keys = Keys::new(&[7; KEY_LEN]);
        let link = keys.sign(Purpose::Check, "a.b", Timestamp(1_000));
        assert_eq!(keys.signed(Purpose::Check, &link, Timestamp(999)), Some("a.b"));
        assert_eq!(keys.signed(Purpose::Check, &link, Timestamp(1_000)), None);
        assert_eq!(keys.signed(Purpose::Check, &link.replace(".1000.", ".9000."), Timestamp(999)), None);
        assert_eq!(keys.signed(Purpose::Check, "a.b", Timestamp(0)), None);
        assert_eq!(Keys::new(&[8; KEY_LEN]).signed(Purpose::Check, &link, Timestamp(0)), None);
    }

    #[test]
    fn what_is_sealed_opens_by_its_key_and_row_only() {
        let keys = Keys::new(&[7; KEY_LEN]);
        let sealed = keys.seal(Purpose::Check, b"row 1", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|w| w == b"secret"));
        assert_ne!(sealed, keys.seal(Purpose::Check, b"row 1", b"secret").unwrap());
        assert_eq!(keys.unseal(Purpose::Check, b"row 1", &sealed).unwrap(), b"secret");
        assert!(keys.unseal(Purpose::Check, b"row 2", &sealed).is_err());
        assert!(Keys::new(&[8; KEY_LEN]).unseal(Purpose::Check, b"row 1", &sealed).is_err());
        for cut in 0..sealed.len() {
            assert!(keys.unseal(Purpose::Check, b"row 1", &sealed[..cut]).is_err());
        }
    }

    #[test]
    fn a_key_is_32_bytes_in_either_writing() {
        assert_eq!(parse(&"0f".repeat(32)).unwrap(), [15; 32]);
        assert_eq!(parse(&format!("{}\n", URL_SAFE_NO_PAD.encode([9; 32]))).unwrap(), [9; 32]);
        for bad in ["", "secret", &"0f".repeat(31), &"한".repeat(32), &"zz".repeat(32)] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_file_is_made_once_and_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join(KEY_FILE);
        let first = of_file(&path).unwrap();
        assert_eq!(of_file(&path).unwrap(), first);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&path, "").unwrap();
        assert!(of_file(&path).is_err(), "an empty file is no key, and is not replaced");
    }
}
