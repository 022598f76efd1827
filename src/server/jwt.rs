//! Tokens that a shop has signed (RFC 7519): HS256 and nothing else, whatever a token says
//! of itself. The signature is checked by the cryptography that the program has already.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Validation,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    decode,
    errors::{ErrorKind, new_error},
    signature,
};
use ring::hmac;
use serde_json::{Map, Value};
use std::sync::Once;

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtProblem {
    /// No token at all, or of another algorithm.
    Malformed,
    BadSignature,
}

/// The claims of a token that is signed with one of these secrets, and with which one. What
/// the claims say is not looked at here.
///
/// # Errors
/// The same, whichever secret did not fit.
pub fn claims(token: &str, secrets: &[Vec<u8>]) -> Result<(usize, Map<String, Value>), JwtProblem> {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Only who came first could have installed another one, and nobody else does.
        let _ = PROVIDER.install_default();
    });
    let mut rules = Validation::new(Algorithm::HS256);
    // The caller has the clock.
    (rules.validate_exp, rules.validate_aud) = (false, false);
    rules.required_spec_claims.clear();
    let header = jsonwebtoken::decode_header(token).map_err(|_| JwtProblem::Malformed)?;
    if header.alg != Algorithm::HS256 || token.bytes().filter(|b| *b == b'.').count() != 2 {
        return Err(JwtProblem::Malformed);
    }
    // All of them are tried, so that the time tells nothing of which one it was.
    let mut found = Err(JwtProblem::BadSignature);
    for (n, secret) in secrets.iter().enumerate() {
        match decode::<Map<String, Value>>(token, &DecodingKey::from_secret(secret), &rules) {
            Ok(token) => found = Ok((n, token.claims)),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
            Err(_) => found = found.or(Err(JwtProblem::Malformed)),
        }
    }
    found
}

static PROVIDER: CryptoProvider = CryptoProvider {
    // Nothing is signed here.
    signer_factory: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 if key.family() == AlgorithmFamily::Hmac => {
            Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.try_get_as_bytes()?))))
        }
        _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

struct Hs256(hmac::Key);

impl signature::Verifier<Vec<u8>> for Hs256 {
    /// Takes the same time wherever a forged signature differs.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        hmac::verify(&self.0, message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    /// The example of RFC 7515, A.1.
    const RFC: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const RFC_KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    fn signed(header: &str, payload: &str, algorithm: hmac::Algorithm, secret: &[u8]) -> String {
        let body = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let tag = hmac::sign(&hmac::Key::new(algorithm, secret), body.as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    #[test]
    fn the_example_of_the_standard_is_read_with_either_key() {
        let (key, other) = (URL_SAFE_NO_PAD.decode(RFC_KEY).unwrap(), b"another secret".to_vec());
        let (n, read) = claims(RFC, &[other.clone(), key.clone()]).unwrap();
        assert_eq!((n, read["iss"].as_str()), (1, Some("joe")));
        assert_eq!(claims(RFC, &[key.clone(), other.clone()]).unwrap().0, 0);
        assert_eq!(claims(RFC, &[other]), Err(JwtProblem::BadSignature));
        assert_eq!(claims(RFC, &[]), Err(JwtProblem::BadSignature));
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let secret = b"secret".to_vec();
        let read = |token: &str| claims(token, std::slice::from_ref(&secret));
        let (payload, good) = (r#"{"sub":"1"}"#, r#"{"alg":"HS256"}"#);
        assert!(read(&signed(good, payload, hmac::HMAC_SHA256, &secret)).is_ok());
        for header in
            [r#"{"alg":"HS512"}"#, r#"{"alg":"HS384"}"#, r#"{"alg":"RS256"}"#, r#"{"alg":"none"}"#, r#"{"alg":"hs256"}"#, "{}", "x"]
        {
            for algorithm in [hmac::HMAC_SHA256, hmac::HMAC_SHA512] {
                assert_eq!(read(&signed(header, payload, algorithm, &secret)), Err(JwtProblem::Malformed), "{header}");
            }
        }
        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(payload));
        assert_eq!(read(&none), Err(JwtProblem::Malformed));
        assert_eq!(read(&signed(good, payload, hmac::HMAC_SHA512, &secret)), Err(JwtProblem::BadSignature));
        assert_eq!(read(&signed(good, "[1]", hmac::HMAC_SHA256, &secret)), Err(JwtProblem::Malformed));
    }

    #[test]
    fn what_is_no_token_is_malformed_and_what_was_changed_is_not_signed() {
        let secret = b"secret".to_vec();
        let read = |token: &str| claims(token, std::slice::from_ref(&secret)).unwrap_err();
        let token = signed(r#"{"alg":"HS256"}"#, r#"{"sub":"1"}"#, hmac::HMAC_SHA256, &secret);
        for bad in ["", ".", "..", "a.b.c", "한글", &format!("{token}.x"), &format!(".{token}")] {
            assert_eq!(read(bad), JwtProblem::Malformed, "{bad}");
        }
        let parts: Vec<&str> = token.split('.').collect();
        let changed = format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(r#"{"sub":"2"}"#), parts[2]);
        assert_eq!(read(&changed), JwtProblem::BadSignature);
        assert_eq!(read(&format!("{}.{}.", parts[0], parts[1])), JwtProblem::BadSignature);
        assert_eq!(read(&token[..token.len() - 3]), JwtProblem::BadSignature);
    }
}
