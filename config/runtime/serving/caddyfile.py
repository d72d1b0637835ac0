"""The front: one port, compression, static files, buffering, time-outs. Written at each start."""

from pathlib import Path

from config.runtime.serving.launch_options import Options
from config.runtime.serving.programs import OPS_SOCKET

_GLOBAL = """\
{{
	admin off
	persist_config off
	{https}
	grace_period 4s
	log default {{
		level WARN
		output stderr
		# A failed request is told of without its address and headers: a search stands in the address.
		format filter {{
			wrap json
			fields {{
				request delete
			}}
		}}
	}}
	servers {{
		{proxies}
		max_header_size 32KB
		timeouts {{
			read_header 10s
			read_body 15m
			write 15m
			idle 90s
		}}
	}}
}}
"""

# Bodies and answers pass as they come: the web process keeps bodies in sealed files, is held by no slow client, and
# ends what does not move (config/runtime/http). The times here are the longest that a slow line may take: 25 MB at
# 250 kbit/s.
_SITE = """
{address} {{
	bind {bind}
	request_body {{
		max_size {max_body}
	}}
	encode {{
		zstd
		gzip 5
		minimum_length 512
	}}
	header -Server
	# Where a length stood beside the coding, others may have read another end: nothing more is taken (RFC 9112, 6.3).
	@chunked header Transfer-Encoding *
	header @chunked >Connection close
	@internal path /metrics /metrics/*
	handle @internal {{
		respond 404
	}}
	handle_path /static/* {{
		root * "{static}"
		header Cache-Control "public, max-age=3600"
		header X-Content-Type-Options nosniff
		file_server
	}}
{health}	@socket path /ws /ws/* /socket.io /socket.io/*
	handle @socket {{
		# A message of a client is at most 64 kB, and looked at behind the front.
		request_body {{
			max_size 65KiB
		}}
		reverse_proxy {realtime} {{
			# Socket.IO's polls must meet the same process each time.
			lb_policy client_ip_hash
			header_down -Server
			stream_close_delay 0s
		}}
	}}
	handle {{
		reverse_proxy {web} {{
			header_down -Server
			# Answered before its body came: the answer goes out at once only where the connection ends with it.
			@unread header X-Body-Unread *
			handle_response @unread {{
				header Connection close
				copy_response
			}}
			lb_try_duration 3s
			lb_try_interval 100ms
			transport http {{
				dial_timeout 2s
				response_header_timeout 60s
				keepalive 60s
			}}
		}}
	}}
	handle_errors {{
		header Content-Type application/problem+json
		header Cache-Control no-store
		header -Server
		@large `{{err.status_code}} == 413`
		respond @large `{large}` 413
		@malformed `{{err.status_code}} == 502 && {{err.message}}.matches("{malformed_by}")`
		header @malformed Connection close
		respond @malformed `{malformed}` 400
		@down `{{err.status_code}} in [502, 503, 504] && !{{err.message}}.matches("{malformed_by}")`
		header @down Retry-After 5
		respond @down `{down}` 503
		respond `{other}` {{err.status_code}}
	}}
}}
"""

# How we are is told beside the threads that do the work: they may all be waiting for somebody.
_HEALTH = """\
	@health path /healthz /readyz /startupz
	handle @health {{
		reverse_proxy unix/{ops} {{
			header_down -Server
			lb_try_duration 500ms
			lb_try_interval 100ms
			transport http {{
				dial_timeout 500ms
			}}
		}}
	}}
"""

_LARGE = (
    '{"type":"about:blank","title":"Content too large","status":413,"code":"too_large",'
    '"detail":"The request is larger than 26 MB. Send files of at most 25 MB, one by one."}'
)
_MALFORMED = (
    '{"type":"urn:sop:problem:malformed","title":"Bad request","status":400,"code":"malformed",'
    '"detail":"The body is not framed as HTTP/1.1 says; nothing was done. Check the sizes of its chunks."}'
)
# What the HTTP library of the front says of how a sender frames. Of faults behind the front it speaks differently.
_MALFORMED_BY = "chunk|hex number|MIME header|header line too long|trailer"
_DOWN = (
    '{"type":"about:blank","title":"Service unavailable","status":503,"code":"unavailable",'
    '"detail":"The service is starting or stopping. Try again in a few seconds."}'
)
_OTHER = '{"type":"about:blank","title":"Request refused","status":{err.status_code}}'


def render(options: Options, *, sockets: Path) -> str:
    """The text of the Caddyfile. With a site name TLS is on; without, plain HTTP on the port."""
    named = options.site_name
    head = _GLOBAL.format(
        https="auto_https disable_redirects" if named else "auto_https off",
        proxies=f"trusted_proxies static {options.trusted_proxies}" if options.trusted_proxies else "",
    )
    return head + _SITE.format(
        address=f"https://{named}:{options.port}" if named else f"http://:{options.port}",
        bind=options.bind,
        max_body=options.max_body,
        static=options.static,
        # A lone front has no such process beside it: the web processes that it leads to answer for themselves.
        health="" if options.role == "front" else _HEALTH.format(ops=sockets / OPS_SOCKET),
        realtime=options.realtime_upstream or f"unix/{sockets}/realtime.sock",
        web=options.web_upstream or f"unix/{sockets}/web.sock",
        large=_LARGE,
        malformed=_MALFORMED,
        malformed_by=_MALFORMED_BY,
        down=_DOWN,
        other=_OTHER,
    )
