"""Addresses of sockets."""

from django.urls import path

from notifications.realtime.consumer import NoticeConsumer

websocket_urlpatterns = [path("ws/notifications", NoticeConsumer.as_asgi())]
