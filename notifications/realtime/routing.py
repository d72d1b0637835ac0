"""Addresses of sockets."""

from django.urls import path, re_path

from notifications.realtime.consumer import NoticeConsumer
from notifications.realtime.refusal import no_such_socket

websocket_urlpatterns = [
    path("ws/notifications", NoticeConsumer.as_asgi()),
    re_path("", no_such_socket),  # type: ignore[arg-type]  # Django's types know views alone
]
