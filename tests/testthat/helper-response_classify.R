thalidomide_rule <- function(...) {
  response_rule(
    NTDT = levels(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise()),
    TDT = levels(main = units == 0, minor = percent_change(units) <= -50, none = otherwise()),
    by = phenotype, ...
  )
}

# The class of one patient by one condition on x: yes or no.
judged <- function(rule, before, after) {
  wide <- data.frame(x0 = before, x = after)
  as.character(classify_response(wide, rule, baseline = x0)$class)
}

# Patients with decimals in tenths, absent rows and missing values.
random_patients <- function(n, visits = 0:3) {
  d <- expand.grid(visit = visits, id = seq_len(n))
  d$phenotype <- rep(sample(c("NTDT", "TDT"), n, TRUE), each = length(visits))
  d$hb <- (60 + sample(0:40, nrow(d), TRUE)) / 10
  d$units <- sample(0:6, nrow(d), TRUE)
  d$hb[sample(nrow(d), nrow(d) / 8)] <- NA
  d$units[sample(nrow(d), nrow(d) / 8)] <- NA
  d[sample(nrow(d), nrow(d) - n %/% 3), ]
}
