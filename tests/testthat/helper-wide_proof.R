# Proofs too long for every change; tools/slow.sh runs them.
wide_proof <- function() skip_if_not(Sys.getenv("RESPONDR_SLOW") == "true", "wide proof: run tools/slow.sh")
