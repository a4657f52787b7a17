//! Fetching pictures from the web, only when asked to (`--fetch`).
//!
//! A page is somebody else's text: an address in it must not reach into the reader's own network.
//! Every address that a name resolves to is looked at before the connection is made, at redirects
//! too, so a name that changes its mind between check and use gains nothing.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Longest that one picture may take, connection and redirects included.
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest picture, in bytes: a 50-megapixel photograph as JPEG.
const LARGEST: u64 = 20 * 1024 * 1024;
/// Most redirects followed.
const REDIRECTS: u32 = 5;

/// Whether an address may be connected to.
pub(crate) type Permission = fn(IpAddr) -> bool;

/// Fetches pictures.
#[derive(Debug, Clone)]
pub struct Fetcher {
    agent: Arc<ureq::Agent>,
}

impl Default for Fetcher {
    fn default() -> Self {
        Self::new(is_public, PATIENCE, LARGEST)
    }
}

impl Fetcher {
    /// - `permission`: which addresses may be connected to.
    pub(crate) fn new(permission: Permission, patience: Duration, _largest: u64) -> Self {
        let config = Config::builder()
            .timeout_global(Some(patience))
            .max_redirects(REDIRECTS)
            // a proxy would resolve names itself, past the check
            .proxy(None)
            .user_agent("keben")
            .build();
        let resolver = Guard { inner: DefaultResolver::default(), permission };
        let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), resolver);
        Self { agent: Arc::new(agent) }
    }

    /// The bytes behind an address, or why there are none.
    pub(crate) fn get(&self, address: &str) -> Result<Vec<u8>, String> {
        let mut answer = self.agent.get(address).call().map_err(|e| e.to_string())?;
        answer.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|e| e.to_string())
    }
}

/// Resolves names and drops addresses that are not permitted.
#[derive(Debug)]
struct Guard {
    inner: DefaultResolver,
    permission: Permission,
}

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|a| (self.permission)(a.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            return Err(ureq::Error::Io(std::io::Error::new(
                std::io::ErrorKind::PermissionDenied,
                "the address is not on the public web",
            )));
        }
        Ok(allowed)
    }
}

/// Whether an address is one of the public web: none of the special-purpose blocks (RFC 6890 and
/// its registries).
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b)) // shared address space
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b))) // benchmarking
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_public(IpAddr::V4(v4));
            }
            let first = v6.segments()[0];
            // 2000::/3 is what is given out; 6to4, Teredo and documentation within it are not the web
            (0x2000..0x4000).contains(&first)
                && first != 0x2002
                && !(first == 0x2001 && (v6.segments()[1] < 0x200 || v6.segments()[1] == 0x0db8))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    /// A server for one answer on the loopback address.
    fn server(answer: &'static [u8]) -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            if let Ok((mut stream, _)) = listener.accept() {
                let mut request = [0; 1024];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer);
            }
        });
        format!("http://{address}/a.png")
    }

    const ANSWER: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\x89PNG";

    #[test]
    fn private_addresses_are_refused_and_what_is_permitted_is_fetched() {
        let refused = Fetcher::default().get(&server(ANSWER));
        assert!(refused.unwrap_err().contains("not on the public web"));
        let open = Fetcher::new(|_| true, PATIENCE, LARGEST);
        assert_eq!(open.get(&server(ANSWER)).unwrap(), b"\x89PNG");
    }

    #[test]
    fn a_redirect_into_the_private_network_is_refused() {
        fn only_loopback_1(address: IpAddr) -> bool {
            address == IpAddr::from([127, 0, 0, 1])
        }
        let answer = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:9/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let fetcher = Fetcher::new(only_loopback_1, PATIENCE, LARGEST);
        assert!(fetcher.get(&server(answer)).unwrap_err().contains("not on the public web"));
    }

    #[test]
    fn a_silent_server_is_given_up() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let fetcher = Fetcher::new(|_| true, Duration::from_millis(200), LARGEST);
        assert!(fetcher.get(&address).is_err());
    }

    #[test]
    fn special_blocks_are_not_public() {
        for address in [
            "10.0.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "2606:4700:4700::1111"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
