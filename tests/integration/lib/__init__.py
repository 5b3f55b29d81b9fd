# SPDX-License-Identifier: MIT
"""What the scenarios stand on: real and scripted peers of the gateway, and the gateway under test."""
