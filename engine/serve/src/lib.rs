//! A server for the person at this machine: it listens on the loopback address and keeps nothing.

use evenhand_threads::with_large_stack;
use evenhand_web::{App, Request, Response};
use std::io::{self, Read as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use tiny_http::{Header, Method, Server as Socket};

/// Requests that are answered at once: a page, its style and its script, and one that is judged.
const WORKERS: usize = 4;

/// Nothing longer is read; the pages refuse less.
const LIMIT: u64 = 8 * 1024 * 1024;

/// A socket on which pages can be asked for.
pub struct Server {
    socket: Socket,
    address: SocketAddr,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Listens on a port of this machine; any free one for 0.
    pub fn bind(port: u16) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let socket = Socket::from_listener(listener, None).map_err(io::Error::other)?;
        Ok(Self { socket, address })
    }

    /// Where it can be reached.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the process ends or [`Server::stop`] is called.
    pub fn run(&self, app: &App) {
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while let Ok(request) = self.socket.recv() {
                        self.answer(app, request);
                    }
                });
            }
        });
    }

    /// Lets [`Server::run`] return.
    pub fn stop(&self) {
        for _ in 0..WORKERS {
            self.socket.unblock();
        }
    }

    fn answer(&self, app: &App, mut asked: tiny_http::Request) {
        let headers: Vec<(String, String)> = asked
            .headers()
            .iter()
            .map(|header| {
                let name = header.field.as_str().as_str().to_ascii_lowercase();
                (name, header.value.as_str().to_owned())
            })
            .collect();
        let mut body = Vec::new();
        let read = asked.as_reader().take(LIMIT).read_to_end(&mut body);
        let request = Request {
            method: method(asked.method()),
            target: asked.url().trim_start_matches('/').to_owned(),
            headers,
            body,
        };
        let response = if read.is_err() || !self.is_meant(&request) {
            // Somebody else's name that leads here: a page of theirs could read what we say.
            plain(421, "This address is for this machine alone.\n")
        } else {
            // What fails ends no other request, and gives back what was typed.
            let answer = || app.api(&request).unwrap_or_else(|| app.handle(&request));
            let work = || with_large_stack(answer);
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| app.failure(&request))
        };
        send(asked, response);
    }

    /// Whether the request names this machine and this port.
    fn is_meant(&self, request: &Request) -> bool {
        let host = request.header("host").unwrap_or_default();
        let port = self.address.port();
        ["127.0.0.1", "localhost"]
            .iter()
            .any(|name| host == format!("{name}:{port}"))
    }
}

fn method(method: &Method) -> String {
    method.as_str().to_owned()
}

fn plain(status: u16, text: &str) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
        body: text.as_bytes().to_vec(),
    }
}

fn send(asked: tiny_http::Request, response: Response) {
    let mut answer =
        tiny_http::Response::from_data(response.body).with_status_code(response.status);
    for (name, value) in &response.headers {
        if let Ok(header) = Header::from_bytes(name.as_bytes(), value.as_bytes()) {
            answer.add_header(header);
        }
    }
    // Whoever asked may be gone; nobody is left to tell.
    drop(asked.respond(answer));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::net::TcpStream;
    use std::sync::Arc;

    fn ask(server: &Server, text: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let text = text.replace("PORT", &server.address().port().to_string());
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn it_answers_this_machine_and_nobody_else() {
        let app = App::standard(None, Arc::new(evenhand_threads::Threads)).unwrap();
        let server = Server::bind(0).unwrap();
        assert!(server.address().ip().is_loopback());
        let refused = [
            (
                "421",
                "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            ),
            ("421", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
            (
                "404",
                "GET /../../etc/passwd HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n",
            ),
            (
                "403",
                "POST /plan.html HTTP/1.1\r\nHost: localhost:PORT\r\nOrigin: http://evil.example\r\nContent-Length: 3\r\nConnection: close\r\n\r\nv=1",
            ),
            (
                "405",
                "DELETE /plan.html HTTP/1.1\r\nHost: localhost:PORT\r\nConnection: close\r\n\r\n",
            ),
        ];
        // Everything is asked before anything is checked, so that the server ends whatever comes.
        let (page, answers) = thread::scope(|scope| {
            scope.spawn(|| server.run(&app));
            let page = ask(
                &server,
                "GET / HTTP/1.1\r\nHost: localhost:PORT\r\nAccept-Language: fr-CA,en\r\nConnection: close\r\n\r\n",
            );
            let answers = refused.map(|(_, text)| ask(&server, text));
            server.stop();
            (page, answers)
        });
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        let policy = "ontent-security-policy: default-src 'none'";
        assert!(
            page.contains("lang=\"fr\"") && page.contains(policy),
            "{page}"
        );
        for ((status, text), answer) in refused.iter().zip(answers) {
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}")),
                "{text}: {answer}"
            );
        }
    }
}
