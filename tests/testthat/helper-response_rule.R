# The rule of Yang et al. (2020, doi:10.4084/MJHID.2020.021).
thalidomide_rule <- function(...) {
  response_rule(
    NTDT = levels(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise()),
    TDT = levels(main = units == 0, minor = percent_change(units) <= -50, none = otherwise()),
    by = phenotype, ...
  )
}

rule_error <- function(expr) {
  cnd <- tryCatch(expr, respondr_error = identity)
  if (!inherits(cnd, "respondr_error")) stop("the rule was accepted")
  conditionMessage(cnd)
}
