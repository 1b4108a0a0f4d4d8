# Writes before_after_example.csv: SYNTHETIC patients, no person stands behind any row. Run in this folder:
#   Rscript make_example.R
# Every number below is chosen by hand to look like a study of chelation and haemoglobin induction; none is fitted.
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
set.seed(20260101)

arms <- c("control", "low dose", "high dose")
visits <- c("baseline", "month 3", "month 6", "month 12")
n <- 60
patient <- data.frame(
  id = sprintf("P%03d", sample(n)),
  arm = rep(arms, length.out = n),
  age = round(runif(n, 18, 55)),
  sex = sample(c("female", "male"), n, replace = TRUE)
)
patient$hb <- rnorm(n, 7.9, 0.9)
patient$ferritin <- exp(rnorm(n, log(1400), 0.7))
patient$hbf <- pmin(95, exp(rnorm(n, log(30), 0.6)))
patient$weight <- rnorm(n, ifelse(patient$sex == "male", 58, 51), 8)

# Share of the full effect reached at each visit, and the full effect by arm.
reached <- c(0, 0.5, 0.85, 1)
gain <- list(
  hb = c(0.1, 0.8, 1.7), ferritin = c(0.95, 0.8, 0.6), hbf = c(1, 1.25, 1.6), weight = c(0.3, 0.8, 1.2)
)
response <- pmax(0, rnorm(n, 1, 0.5)) # how much of the effect a patient gets, the same for every analyte
lost <- sample(seq_along(visits)[-1], n, replace = TRUE, prob = c(0.05, 0.1, 0.15)) # first missed visit if lost
stays <- runif(n) < 0.75

rows <- lapply(seq_along(visits), function(v) {
  share <- reached[v] * response
  arm <- match(patient$arm, arms)
  data.frame(
    id = patient$id, arm = patient$arm, age = patient$age, sex = patient$sex, visit = visits[v],
    hb = round(patient$hb + share * gain$hb[arm] + rnorm(n, 0, 0.4), 1),
    ferritin = round(patient$ferritin * gain$ferritin[arm]^share * exp(rnorm(n, 0, 0.15))),
    hbf = round(pmin(98, patient$hbf * gain$hbf[arm]^share * exp(rnorm(n, 0, 0.08))), 1),
    weight = round(patient$weight + share * gain$weight[arm] + rnorm(n, 0, 0.7), 1),
    seen = stays | v < lost
  )
})
data <- do.call(rbind, rows)

# Visits missed once in a while, more often later; single analytes missing.
later <- match(data$visit, visits) - 1
data$seen <- data$seen & runif(nrow(data)) >= 0.02 * later
data <- data[data$seen, names(data) != "seen"]
for (analyte in c("hb", "ferritin", "hbf", "weight")) {
  rate <- c(hb = 0.01, ferritin = 0.04, hbf = 0.06, weight = 0.02)[[analyte]]
  data[[analyte]][runif(nrow(data)) < rate] <- NA
}
data <- data[order(data$id, match(data$visit, visits)), ]
con <- file("before_after_example.csv", "wb") # the same bytes on every system
write.csv(data, con, row.names = FALSE, na = "")
close(con)
