import Testing

@testable import WaterfallProviders

/// A manifest with its fixtures, complete and without a fault: one for each kind of conversation.
struct ExampleProvider: Sendable, CustomTestStringConvertible {
  let manifest: String
  let fixtures: String

  var id: String { manifest.firstMatch(of: /id: (\w+)/).map { String($0.1) } ?? "" }
  var testDescription: String { id }

  var manifestFile: String { "\(id).yaml" }
  var fixturesFile: String { "fixtures/\(id).yaml" }

  func readManifest() throws -> Manifest { try Manifest(parsing: manifest, file: manifestFile) }
  func readFixtures() throws -> Fixtures { try Fixtures(parsing: fixtures, file: fixturesFile) }

  static let all: [ExampleProvider] = [
    finder, verifier, async, patient, positions, references, tokens,
  ]

  /// Asked once, answered at once; several input sets in one request.
  static let finder = ExampleProvider(
    manifest: """
      id: finder
      name: Finder
      finds:
        work_email:
          inputs:
            - [first_name, last_name, domain]
            - [linkedin_url]
          price: 1
          refunds_invalid: false
          cost: {dollars: 0.03}
      simulation:
        finds:
          work_email:
            hit_rate: 0.5
            valid_share: 0.8
            latency: {p50: 1s, p95: 4s}
      http:
        base: https://api.finder.example/v2
        auth: {header: X-Api-Key}
        headers: {Accept: application/json}
        limits: [{requests: 15, per: 1s}, {requests: 500, per: 1m}]
        concurrency: 10
        timeouts: {connect: 5s, first_byte: 30s, total: 60s}
        retries: {most: 2, wait: 1s, longest: 20s}
        rules:
          - {status: 422, is: refused}
          - {status: 2xx, when: .faults, is: refused}
        finds:
          work_email:
            request:
              path: /email-finder
              query:
                first_name: "{first_name}"
                last_name: "{last_name}"
                domain: "{domain}"
                handle: "{linkedin_url|slug}"
            rules:
              - {status: 404, is: miss}
            value: .data.email
            verdict:
              of: .data.status
              valid: [valid]
              catch_all: [accept_all]
              invalid: [invalid]
              otherwise: unknown
            confidence: .data.score
            cost: .meta.credits
        on_unknown: void

      """,
    fixtures: """
      finds:
        work_email:
          hit:
            status: 200
            json: {data: {email: "{value}", score: 97, status: valid}, meta: {credits: 1}}
          hit.risky: {status: 200, json: {data: {email: "{value}", status: accept_all}}}
          hit.unknown: {status: 200, json: {data: {email: "{value}", status: odd}}}
          miss: {status: 200, json: {data: {email: null}, meta: {credits: 0}}}
          miss.no_such_company:
            {status: 404, json: {faults: [{code: 404}], data: {status: invalid}}}
      errors:
        rate_limited: {status: 429, headers: {Retry-After: "2"}, json: {faults: [{code: 429}]}}
        credentials: {status: 401, json: {faults: [{code: 401}]}}
        quota: {status: 402, json: {faults: [{code: 402}]}}
        refused: {status: 422, json: {faults: [{code: 422}]}}
        unavailable: {status: 503, text: upstream}
        malformed: {status: 200, text: "<html>busy</html>"}

      """)

  static let verifier = ExampleProvider(
    manifest: """
      id: judge
      name: Judge
      verifies:
        work_email:
          price: 0.5
          free: [unknown]
          cost: {dollars: 0.004, when: called}
      http:
        base: https://judge.example
        auth: {query: api_key}
        rules:
          - {status: 2xx, when: .fault != null, is: refused}
        verifies:
          work_email:
            request: {path: /verify, query: {email: "{value}"}}
            verdict:
              of: .result
              valid: [ok]
              invalid: [bad, disposable]
              catch_all: [catch_all]
              unknown: [unknown]
            cost: .credits
        on_unknown: void

      """,
    fixtures: """
      verifies:
        work_email:
          valid: {status: 200, json: {email: "{value}", result: ok, credits: 0.5}}
          invalid: {status: 200, json: {email: "{value}", result: bad, credits: 0.5}}
          invalid.disposable: {status: 200, json: {email: "{value}", result: disposable}}
          catch_all: {status: 200, json: {email: "{value}", result: catch_all}}
          unknown: {status: 200, json: {email: "{value}", result: unknown, credits: 0}}
      errors:
        rate_limited: {status: 429, json: {fault: slow down}}
        credentials: {status: 403, json: {fault: wrong key}}
        quota: {status: 402, json: {fault: no credits}}
        refused: {status: 200, json: {fault: no such parameter}}
        unavailable: {status: 500, json: {fault: oops}}
        malformed: {status: 200, json: {email: "{value}", result: surprise}}

      """)

  /// Submitted, then polled for.
  static let async = ExampleProvider(
    manifest: """
      id: poller
      name: Poller
      finds:
        mobile_phone:
          inputs:
            - [linkedin_url]
            - [first_name, last_name, company]
          price: 10
          refunds_invalid: true
          cost: {dollars: 0.5}
      http:
        base: https://poller.example/api
        auth: {bearer: true}
        rules:
          - {status: 2xx, when: .fault, is: refused}
        finds:
          mobile_phone:
            requests:
              - with: [linkedin_url]
                path: /phone/by-profile
                json: {profile: "{linkedin_url}", notify: false}
              - with: [first_name, last_name, company]
                path: /phone/by-name
                json: {person: {first: "{first_name}", last: "{last_name}"}, company: "{company}"}
            poll:
              job: .id
              every: 5s
              most: 3m
              request: {path: "/phone/{job}"}
              rules:
                - {when: '.state == "working"', is: pending}
                - {when: '.state == "nothing"', is: miss}
            value: .number

      """,
    fixtures: """
      finds:
        mobile_phone:
          submitted: {status: 202, json: {id: "{job}", state: working}}
          pending: {status: 200, json: {id: "{job}", state: working}}
          hit: {status: 200, json: {id: "{job}", state: done, number: "{value}"}}
          miss: {status: 200, json: {id: "{job}", state: nothing}}
      errors:
        rate_limited: {status: 429, json: {fault: slow down}}
        credentials: {status: 401, json: {fault: who are you}}
        quota: {status: 402, json: {fault: no credits}}
        refused: {status: 400, json: {fault: bad input}}
        unavailable: {status: 502, text: bad gateway}
        malformed: {status: 200, text: not json}

      """)

  /// Asked again until it is ready; no key.
  static let patient = ExampleProvider(
    manifest: """
      id: patient
      name: Patient
      finds:
        company_size:
          inputs: [[domain]]
          price: 0
          refunds_invalid: false
      http:
        base: https://patient.example
        rules:
          - {status: 202, is: pending}
          - {status: 2xx, when: .problem, is: refused}
        finds:
          company_size:
            request: {path: "/companies/{domain}"}
            repeat: {every: 3s, most: 1m}
            value: .staff

      """,
    fixtures: """
      finds:
        company_size:
          pending: {status: 202, json: {}}
          hit: {status: 200, json: {staff: "{value}"}}
          miss: {status: 200, json: {staff: null}}
      errors:
        rate_limited: {status: 429, json: {problem: slow down}}
        refused: {status: 404, json: {problem: no such path}}
        unavailable: {status: 503, json: {problem: later}}
        malformed: {status: 200, json: {staff: [1]}}

      """)

  /// Many questions in one exchange, answered by position.
  static let positions = ExampleProvider(
    manifest: """
      id: lister
      name: Lister
      finds:
        job_title:
          inputs: [[email], [linkedin_url]]
          price: 1
          refunds_invalid: false
          cost: {dollars: 0.01}
      http:
        base: https://lister.example
        auth: {basic: {user: "{key}", password: ""}}
        idempotency: Idempotency-Key
        on_unknown: repeat
        rules:
          - {status: 2xx, when: .fault?, is: refused}
        finds:
          job_title:
            request:
              path: /person
              form: {email: "{email}", profile: "{linkedin_url}"}
            value: .title
            batch:
              most: 10
              wait: 200ms
              request: {path: /people, json: {details: "{items}"}}
              item: {email: "{email}", profile: "{linkedin_url}"}
              items: .people

      """,
    fixtures: """
      finds:
        job_title:
          hit: {status: 200, json: {title: "{value}"}}
          miss: {status: 200, json: {title: null}}
          batch:
            hit: {title: "{value}"}
            miss: {title: ""}
            envelope: {status: 200, json: {people: "{items}"}}
      errors:
        rate_limited: {status: 429, json: {fault: slow down}}
        credentials: {status: 401, json: {fault: key}}
        quota: {status: 402, json: {fault: credits}}
        refused: {status: 400, json: {fault: input}}
        unavailable: {status: 503, json: {fault: later}}
        malformed: {status: 200, text: ""}

      """)

  /// Many questions in one exchange; each answer names its question.
  static let references = ExampleProvider(
    manifest: """
      id: referrer
      name: Referrer
      verifies:
        work_email:
          price: 1
          cost: {dollars: 0.008, when: called}
      http:
        base: https://referrer.example
        auth: {headers: {X-Key: "{key.1}", X-Secret: "{key.2}"}}
        rules:
          - {status: 2xx, when: .fault?, is: refused}
        verifies:
          work_email:
            request: {path: "/check/{value}"}
            verdict: {of: .state, valid: [good], invalid: [bad]}
            batch:
              most: 100
              wait: 1s
              request: {path: /checks, json: "{items}"}
              item: {email: "{value}", ref: "{item}"}
              items: .results
              ref: .ref

      """,
    fixtures: """
      verifies:
        work_email:
          valid: {status: 200, json: {state: good}}
          invalid: {status: 200, json: {state: bad}}
          batch:
            valid: {ref: "{item}", state: good}
            invalid: {ref: "{item}", state: bad}
            envelope: {status: 200, json: {results: "{items}"}}
      errors:
        rate_limited: {status: 429, json: {fault: slow down}}
        credentials: {status: 401, json: {fault: key}}
        quota: {status: 402, json: {fault: credits}}
        refused: {status: 400, json: {fault: input}}
        unavailable: {status: 503, json: {fault: later}}
        malformed: {status: 200, json: {}}

      """)

  /// A token is fetched first; finds and verifies.
  static let tokens = ExampleProvider(
    manifest: """
      id: tokened
      name: Tokened
      finds:
        company_domain:
          inputs: [[company]]
          price: 1
          refunds_invalid: false
          cost: {dollars: 0.02}
      verifies:
        company_domain:
          price: 0.1
          cost: {dollars: 0.002, when: called}
      http:
        base: https://tokened.example/v1
        auth: {oauth2: {token_url: https://tokened.example/oauth/token, scope: read}}
        rules:
          - {status: 2xx, when: .message, is: refused}
        finds:
          company_domain:
            request: {path: /domain, query: {name: "{company}"}}
            value: .domain
        verifies:
          company_domain:
            request: {path: /live, query: {host: "{value}"}}
            verdict:
              of: if .live then "live" else "dead" end
              valid: [live]
              invalid: [dead]
        on_unknown: void

      """,
    fixtures: """
      finds:
        company_domain:
          hit: {status: 200, json: {name: "{company}", domain: "{value}"}}
          miss: {status: 200, json: {name: "{company}", domain: null}}
      verifies:
        company_domain:
          valid: {status: 200, json: {host: "{value}", live: true}}
          invalid: {status: 200, json: {host: "{value}", live: false}}
      errors:
        rate_limited: {status: 429, json: {message: slow down}}
        credentials: {status: 401, json: {message: expired}}
        quota: {status: 402, json: {message: no credits}}
        refused: {status: 400, json: {message: bad name}}
        unavailable: {status: 500, json: {message: oops}}
        malformed: {status: 200, text: "<html>busy</html>"}

      """)
}
