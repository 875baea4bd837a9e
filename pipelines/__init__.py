"""Pure logic: frames and Arrow batches in, frames and Arrow batches out.

Nothing here reads, writes or asks the time.
"""
